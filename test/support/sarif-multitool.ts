// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Log, Result } from 'sarif';
import { toolDirectory } from './tools.ts';

/** What Microsoft's validator says of one file. */
export interface Validated {
  /** `rule place: message` of each error. */
  readonly errors: readonly string[];
  /** Results and runs that it looked at: it has a note on each. */
  readonly results: number;
  readonly runs: number;
}

/** Sets of its rules: `Gh` and `Ghas` are those of GitHub, `Ado` those of Azure DevOps. */
export type RuleKind = 'Sarif' | 'Gh' | 'Ghas' | 'Ado';

/** A note on each result whose message is a text, and one on each run without provenance, as all of ours are. */
const ON_RESULT = 'SARIF2002';
const ON_RUN = 'SARIF2003';
/** A way out that is shut: it would look for the schema of each file on the network. */
const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };

/**
 * Lets Microsoft's `sarif-multitool validate` look at files, by name. It exits 0 whatever it finds, and passes over files
 * above 10 MB without a word unless it is told not to: what it says stands in its log alone.
 */
export function multitoolValidate(
  files: Readonly<Record<string, string>>,
  kinds: readonly RuleKind[],
): Map<string, Validated> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-multitool-'));
  try {
    const paths = Object.entries(files).map(([name, text]) => {
      const path = join(folder, `${name}.sarif`);
      writeFileSync(path, text);
      return path;
    });
    const output = join(folder, 'validated.json');
    const args = ['--rule-kind', ['Sarif', ...kinds].join(';'), '--level', 'Error;Warning;Note'];
    const limits = ['--kind', 'Fail', '--max-file-size-in-kb', '1000000', '--log', 'ForceOverwrite'];
    const { error, stdout } = spawnSync(
      join(toolDirectory('sarif-multitool'), 'Sarif.Multitool'),
      ['validate', ...paths, ...args, ...limits, '--output', output],
      { encoding: 'utf8', maxBuffer: 1 << 28, env: { PATH: process.env.PATH, HOME: folder, ...OFFLINE } },
    );
    if (error) throw error;
    const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\ufeff/, '')) as Log;
    const [run] = log.runs;
    const looked = run?.invocations?.map(({ executionSuccessful }) => executionSuccessful);
    if (looked?.join() !== 'true') throw new Error(`sarif-multitool has not done its work: ${stdout}`);
    const messages = new Map(run?.tool.driver.rules?.map(({ id, messageStrings }) => [id, messageStrings]));
    const textOf = ({ ruleId = '', message }: Result) => {
      const text = messages.get(ruleId)?.[message.id ?? '']?.text ?? message.text ?? '';
      return `${ruleId} ${text.replace(/\{(\d+)\}/g, (_, i) => message.arguments?.[Number(i)] ?? '')}`;
    };
    const of = (name: string) =>
      (run?.results ?? []).filter(
        ({ locations }) =>
          basename(decodeURIComponent(locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '')) ===
          `${name}.sarif`,
      );
    return new Map(
      Object.keys(files).map((name): [string, Validated] => {
        const found = of(name);
        const count = (rule: string) => found.filter(({ ruleId }) => ruleId === rule).length;
        const errors = found.filter(({ level }) => level === 'error').map(textOf);
        return [name, { errors, results: count(ON_RESULT), runs: count(ON_RUN) }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
