// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { codeBlocks, readDocument } from '../support/markdown.ts';
import { plimsoll } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const OWN = readdirSync(join(REPO_ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const TO_PASTE = codeBlocks(readDocument('README.md'), 'yaml').filter(
  (text) => parse(text).jobs !== undefined,
);
const WORKFLOWS = [
  ...OWN.map((name) => ({ name, text: readDocument(name) })),
  ...TO_PASTE.map((text) => ({ name: 'the workflow of README.md', text })),
];

it('our own and the one to paste are looked at', () => {
  expect([OWN.length, TO_PASTE.length]).toEqual([2, 1]);
});

describe.each(WORKFLOWS)('$name', ({ text }) => {
  const workflow = parse(text) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps);

  it('gives no permission to all jobs, and to each job those that it names', () => {
    expect(workflow.permissions).toEqual({});
    expect(
      jobs.filter((job) => Object.keys(job.permissions).length === 0 || !job['timeout-minutes']),
    ).toEqual([]);
  });

  it('lets no job that may write check code out', () => {
    const writing = jobs.filter((job) => Object.values(job.permissions).includes('write'));
    expect(
      writing.flatMap((job) => job.steps).filter(({ uses }) => uses?.startsWith('actions/checkout')),
    ).toEqual([]);
  });

  it('pins every action by its full commit, with the version in a comment', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    expect(lines.filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  it('puts no expression into a shell, and leaves no credentials in a checkout', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });
});

it('one commit of each action is used everywhere', () => {
  const uses = WORKFLOWS.flatMap(({ text }) => [...text.matchAll(/uses: (\S+)@(\S+ # \S+)/g)]);
  const commits = new Map<string, Set<string>>();
  for (const [, action = '', commit = ''] of uses)
    commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  expect([...commits].filter(([, set]) => set.size > 1)).toEqual([]);
});

describe('plimsoll on plimsoll', () => {
  const { inventory, coverage, verdict, findings } = JSON.parse(
    plimsoll(['scan', '.', '--advisories', 'bundled', '--json']).stdout,
  );

  it('reads our own lock alone, and says what it left out', () => {
    expect(inventory.projects.map(({ id }: { id: string }) => id)).toEqual(['package-lock.json']);
    const excluded = coverage.filter(({ cause }: { cause: string }) => cause === 'excluded');
    expect(excluded.map(({ target }: { target: string }) => target)).toContain('fixtures');
  });

  it('finds no licence that is not allowed, and nothing missing but data, which the workflow fetches', () => {
    expect(findings).toEqual([]);
    const gaps: { coverage: { target: string; cause: string } }[] = verdict.incomplete;
    expect(gaps.map(({ coverage: { target, cause } }) => `${target} ${cause}`)).toEqual([
      'KEV advisory-data-missing',
      'npm advisory-data-stale',
    ]);
    const text = WORKFLOWS.find(({ name }) => name.endsWith('/plimsoll.yml'))?.text;
    expect(text).toMatch(/plimsoll\.js db update$/m);
    expect(verdict.notChecked).toEqual([]);
  });
});
