// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { ReportedVulnerability, ScannedPackage, ScannerRun, WantedScanner } from '../model/scanner.ts';
import { type Binary, findBinary, runProcess } from '../platform/process.ts';
import { SCANNERS } from './index.ts';
import type { Scanner, ScannerContext } from './scanner.ts';

export interface ScannersOptions {
  readonly wanted: readonly WantedScanner[];
  /** OS path of the scanned tree. */
  readonly root: string;
  readonly inventory: Inventory;
  /** Directories in which programs are looked for, as in PATH. */
  readonly path: string;
  readonly archives?: ScannerContext['archives'];
  /** Variables that a tool gets besides its own, such as those of a proxy. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ScannersAnswer {
  readonly reported: readonly ReportedVulnerability[];
  readonly scanned: readonly ScannedPackage[];
  /** What each did with each project, and why not more. */
  readonly coverage: readonly Coverage[];
  readonly runs: readonly ScannerRun[];
}

const TIMEOUT = 10 * 60_000;
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * Runs scanners, one after the other. One that is not there, or does not work, is a coverage row.
 * @throws PlimsollError `aborted`
 */
export async function runScanners(options: ScannersOptions): Promise<ScannersAnswer> {
  const root = await realpath(options.root);
  const answers: ScannersAnswer[] = [];
  for (const wanted of options.wanted) {
    const scanner = SCANNERS.find(({ id }) => id === wanted.id);
    answers.push(
      scanner === undefined ? unknown(wanted) : await runOne(scanner, wanted, { ...options, root }),
    );
  }
  return {
    reported: answers.flatMap(({ reported }) => reported),
    scanned: answers.flatMap(({ scanned }) => scanned),
    coverage: answers.flatMap(({ coverage }) => coverage),
    runs: answers.flatMap(({ runs }) => runs),
  };
}

async function runOne(
  scanner: Scanner,
  wanted: WantedScanner,
  options: ScannersOptions & { readonly root: string },
): Promise<ScannersAnswer> {
  const { root, inventory, path, archives, env = {}, signal } = options;
  const binary = await findBinary(scanner.id, path, root);
  if (binary === undefined) {
    return notRun(
      wanted,
      'tool-missing',
      `expected ${scanner.id} outside the scanned tree, got none; ${scanner.install}`,
    );
  }
  const scratch = await mkdtemp(join(tmpdir(), 'plimsoll-run-'));
  try {
    const run: ScannerContext['run'] = async (args, own) =>
      await runProcess(binary, args, {
        env: { PATH: dirname(binary.path), LANG: 'C.UTF-8', HOME: scratch, TMPDIR: scratch, ...env, ...own },
        cwd: scratch,
        timeout: TIMEOUT,
        maxOutput: MAX_OUTPUT,
        ...(signal ? { signal } : {}),
      });
    const said = await run(['--version'], {});
    const version = scanner.version(said.stdout);
    if (version === undefined)
      return notRun(wanted, 'tool-failed', `expected the version of ${scanner.id}, got another text`);
    const pin = wanted.version;
    if (pin !== undefined && pin !== version) {
      return notRun(wanted, 'tool-failed', `expected ${scanner.id} ${pin}, got ${version}`);
    }
    const context = { root, inventory, scratch, run, ...(archives ? { archives } : {}) };
    const answer = await scanner.scan(context, version);
    if ('failure' in answer)
      return notRun(wanted, 'tool-failed', `expected a report of ${scanner.id}, got ${answer.failure}`);
    return {
      ...answer,
      coverage: coverageOf(wanted, inventory, answer.scanned),
      runs: [runOf(wanted, version, binary)],
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function runOf({ id }: WantedScanner, version: string, { sha256 }: Binary): ScannerRun {
  return { id, version, sha256 };
}

/** What it read of what was there to read, per project: the only proof that it worked. */
function coverageOf(
  { id, required }: WantedScanner,
  inventory: Inventory,
  scanned: readonly ScannedPackage[],
): Coverage[] {
  const read = new Set(
    scanned.map(({ project, ecosystem, name, version }) =>
      JSON.stringify([project, ecosystem, name, version]),
    ),
  );
  return inventory.projects.map((project) => {
    const expected = new Map<string, string>();
    for (const { project: owner, origin, ecosystem, name, version } of inventory.components) {
      if (owner !== project.id || origin !== 'registry' || version === undefined) continue;
      expected.set(JSON.stringify([owner, ecosystem, name, version]), `${name} ${version}`);
    }
    const missing = [...expected].filter(([key]) => !read.has(key)).map(([, label]) => label);
    const row = { plugin: id, target: project.id, unit: 'packages', expected: expected.size } as const;
    if (missing.length === 0)
      return { ...row, status: 'succeeded', processed: expected.size, required, errors: [] };
    const errors = missing.sort(compareText).map((label) => ({ message: `${label} was not read by ${id}` }));
    return {
      ...row,
      status: 'partial',
      cause: 'tool-failed',
      processed: expected.size - missing.length,
      required,
      errors: listErrors(errors),
    };
  });
}

/** Who asks for a tool by name wants to be told that it did not work, as a policy that requires it does. */
export function notRun(
  { id, required, asked }: WantedScanner,
  cause: CoverageCause,
  message: string,
): ScannersAnswer {
  const row: Coverage = {
    plugin: id,
    target: '.',
    status: 'failed',
    cause,
    unit: 'files',
    expected: 1,
    processed: 0,
    required: required || asked,
    errors: [{ message }],
  };
  return { reported: [], scanned: [], coverage: [row], runs: [] };
}

function unknown(wanted: WantedScanner): ScannersAnswer {
  const known = SCANNERS.map(({ id }) => id).join(', ');
  return notRun(
    wanted,
    'tool-missing',
    `expected a scanner that plimsoll can run (${known}), got ${wanted.id}`,
  );
}
