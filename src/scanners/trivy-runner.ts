// SPDX-License-Identifier: Apache-2.0
import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolGap, ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { fieldOf } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner } from './scanner.ts';

const MALICIOUS = 'a malicious release that steals credentials (CVE-2026-33634, GHSA-69fq-xp46-6x23)';

/** What is said of a report where Trivy recognised no file: also what a wrong path gives, with exit status 0. */
export const NOTHING_READ = 'Trivy names nothing that it looked at';

/** Nothing listens on the port for discarded data. */
const NOWHERE = 'http://127.0.0.1:9';

const SCANNERS_ENABLED = ['Misconfiguration', 'Secret', 'License'];

/**
 * Trivy on the tree as it is: misconfigurations, secrets and licences, with the checks that are built into it. It would
 * take `trivy.yaml`, `.trivyignore` and `trivy-secret.yaml` from the directory of its run, which is not the tree, and
 * an empty `--secret-config` also keeps a file of that name in the tree from being left out.
 *
 * `--offline-scan` does not keep it from downloading the Terraform modules that the tree names, with git from PATH: so
 * it gets a PATH without programs, a proxy that is not there, and no credentials of a cloud.
 *
 * @see https://trivy.dev/docs/latest/guide/references/configuration/cli/trivy_filesystem/
 */
export function trivyRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['trivy'],
    install: 'https://trivy.dev/docs/latest/getting-started/installation/ tells how it is installed',
    version: (output) => /^Version: (\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1],
    versionMarks: [
      'github.com/aquasecurity/trivy/pkg/version/app.ver=',
      'github.com/aquasecurity/trivy/pkg/version.ver=',
      'mod\tgithub.com/aquasecurity/trivy\tv',
    ],
    refused: new Map(['0.69.4', '0.69.5', '0.69.6'].map((version) => [version, MALICIOUS])),
    async scan({ root, scratch, files, run }) {
      const empty = join(scratch, 'empty.yaml');
      await writeFile(empty, '');
      const { stdout, stderr, exitCode, failure } = await run(argumentsOf(root, empty, scratch), {
        PATH: scratch,
        HTTP_PROXY: NOWHERE,
        HTTPS_PROXY: NOWHERE,
        NO_PROXY: '',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_MAX_ATTEMPTS: '1',
        GOOGLE_APPLICATION_CREDENTIALS: join(scratch, 'none'),
      });
      if (failure !== undefined) return { failure };
      const report = parsedJson(stdout);
      if (exitCode !== 0 || fieldOf(report, 'SchemaVersion') !== 2)
        return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
      const silent = SCANNERS_ENABLED.filter((name) => !stderr.includes(`${name} scanning is enabled`));
      if (silent.length > 0)
        return {
          failure: `no word of ${silent.join(', ').toLowerCase()} scanning in what is kept of its log`,
        };
      return [await withProof(read(report), root, await files(), stderr)];
    },
  };
}

function argumentsOf(root: string, empty: string, scratch: string): string[] {
  return [
    'filesystem',
    ...['--config', empty, '--ignorefile', empty, '--secret-config', ''],
    ...['--scanners', 'misconfig,secret,license', '--format', 'json', '--exit-code', '0'],
    ...['--skip-db-update', '--skip-java-db-update', '--skip-check-update', '--offline-scan'],
    ...['--disable-telemetry', '--skip-version-check', '--no-progress'],
    ...['--cache-dir', join(scratch, 'cache'), '--module-dir', join(scratch, 'modules')],
    root,
  ];
}

/**
 * The report on the files that are to be looked at, with what was not read: Trivy names a Dockerfile that it could
 * parse even where it found nothing, passes over files that it may not read, and tells of others in its log alone.
 */
async function withProof(
  report: ToolReport,
  root: string,
  wanted: readonly string[],
  log: string,
): Promise<ToolReport> {
  const isWanted = new Set(wanted);
  const named = (report.files ?? []).filter((path) => isWanted.has(path));
  const gaps = new Map<string, ToolGap>();
  const add = (gap: ToolGap) => gaps.set(gap.path ?? gap.message, gap);
  // That no file was recognised is believed: the log shows that all three scanners ran.
  for (const gap of report.gaps) if (gap.message !== NOTHING_READ) add(gap);
  for (const gap of logGaps(log)) if (gap.path === undefined || isWanted.has(gap.path)) add(gap);
  for (const path of wanted.filter(isDockerfile))
    if (!named.includes(path) && !gaps.has(path)) add({ path, message: 'Trivy did not read it' });
  for (const path of wanted) {
    const isReadable = access(fromModelPath(path, root), constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!(await isReadable)) add({ path, message: 'Trivy may not read it' });
  }
  const hits = report.hits.filter((hit) =>
    isWanted.has(hit.kind === 'vulnerability' ? hit.path : hit.place.path),
  );
  return { ...report, hits, files: named.filter((path) => !gaps.has(path)), gaps: [...gaps.values()] };
}

/** @see https://github.com/aquasecurity/trivy/blob/v0.70.0/pkg/iac/detection/detect.go */
function isDockerfile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(?:docker|container)file(?:\.[^.]+)?$|\.(?:docker|container)file$/i.test(name);
}

/** Errors that say nothing of the tree: checks that are not downloaded, and registries that nobody may ask. */
const EXPECTED = /Falling back to embedded checks|Failed to find a token for the registry/;

/**
 * Lines of the level ERROR, such as `2026-01-01T00:00:00Z<tab>ERROR<tab>[terraform parser] Error parsing
 * file<tab>file_path="a.tf" cause="..."`. The cause can quote the file, and stays behind.
 */
function* logGaps(log: string): Generator<ToolGap> {
  for (const line of log.split('\n')) {
    const [, level, text = '', fields = ''] = line.split('\t');
    if (level !== 'ERROR' || EXPECTED.test(text)) continue;
    // A module that is not in the tree was not downloaded, as it should be; one that is missing in it is a fault.
    if (text.includes('Failed to load module') && !fields.includes('file does not exist')) continue;
    const path = /\b(?:file_path|loc)=("(?:[^"\\]|\\.)*")/.exec(fields)?.[1];
    const message = `Trivy says: ${text.replaceAll(/"[^"]*"/g, '').trim()}`;
    yield path === undefined ? { message } : { path: unquoted(path).replace(/:\d+(?:-\d+)?$/, ''), message };
  }
}

function unquoted(text: string): string {
  const value = parsedJson(text);
  return typeof value === 'string' ? value : text.slice(1, -1);
}
