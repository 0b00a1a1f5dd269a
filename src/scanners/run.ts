// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { ScannerRun, WantedScanner } from '../model/scanner.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { toModelPath } from '../platform/fs.ts';
import { type Binary, findBinary, runProcess } from '../platform/process.ts';
import { walkTree } from '../platform/walk.ts';
import { SCANNERS } from './index.ts';
import type { Runner, Scanner, ScannerContext } from './scanner.ts';

export interface ScannersOptions {
  readonly wanted: readonly WantedScanner[];
  /** OS path of the scanned tree. */
  readonly root: string;
  readonly inventory: Inventory;
  /** Directories in which programs are looked for, as in PATH. */
  readonly path: string;
  /** Whether a path, and all below it, is left out. */
  readonly excludes?: (path: string) => boolean;
  readonly archives?: ScannerContext['archives'];
  /** Whether a tool may use the network. */
  readonly online: boolean;
  /** Variables that a tool gets besides its own, such as those of a proxy. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ScannersAnswer {
  /** Of the tools that worked. */
  readonly reports: readonly ToolReport[];
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
      scanner?.runner === undefined
        ? unknown(wanted)
        : await runOne(scanner, scanner.runner, wanted, { ...options, root }),
    );
  }
  return {
    reports: answers.flatMap(({ reports }) => reports),
    coverage: answers.flatMap(({ coverage }) => coverage),
    runs: answers.flatMap(({ runs }) => runs),
  };
}

async function runOne(
  { id, name }: Scanner,
  runner: Runner,
  wanted: WantedScanner,
  options: ScannersOptions & { readonly root: string },
): Promise<ScannersAnswer> {
  const { root, inventory, path, excludes, archives, online, env = {}, signal } = options;
  const walk = { ...(excludes ? { excludes } : {}), ...(signal ? { signal } : {}) };
  if (runner.asksForRecords === true && archives === undefined && !online) {
    return notRun(
      wanted,
      'tool-failed',
      'expected a mirror whose records it can be given, got an offline run without',
    );
  }
  const binary = await firstBinary(runner.programs, path, root);
  if (binary === undefined) {
    return notRun(
      wanted,
      'tool-missing',
      `expected ${id} outside the scanned tree, got none; ${runner.install}`,
    );
  }
  if (wanted.sha256 !== undefined && wanted.sha256 !== binary.sha256)
    return notRun(wanted, 'tool-failed', `expected ${id} with sha256 ${wanted.sha256}, got ${binary.sha256}`);
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-run-')));
  try {
    const run: ScannerContext['run'] = async (args, own, input) =>
      await runProcess(binary, args, {
        env: { PATH: dirname(binary.path), LANG: 'C.UTF-8', HOME: scratch, TMPDIR: scratch, ...env, ...own },
        cwd: scratch,
        timeout: TIMEOUT,
        maxOutput: MAX_OUTPUT,
        ...(input === undefined ? {} : { input }),
        ...(signal ? { signal } : {}),
      });
    const said = await run(runner.versionArgs ?? ['--version'], {});
    const version = runner.version(said.stdout);
    const problem = versionProblem(runner, wanted, version);
    if (version === undefined || problem !== undefined)
      return notRun(wanted, 'tool-failed', problem ?? `expected the version of ${id}, got another text`);
    const files = async () => (await walkTree(root, { wants: () => true, ...walk })).files;
    const context = { root, inventory, files, scratch, run, ...(archives ? { archives } : {}) };
    const answer = await runner.scan(context, version);
    if ('failure' in answer)
      return notRun(wanted, 'tool-failed', `expected a report of ${id}, got ${answer.failure}`);
    const reports = answer.map((report) => ({ ...report, tool: id, name, version }));
    return {
      reports,
      coverage: coverageOf(wanted, root, inventory, reports),
      runs: [{ id, name, version, sha256: binary.sha256 }],
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function firstBinary(
  names: readonly string[],
  path: string,
  root: string,
): Promise<Binary | undefined> {
  for (const name of names) {
    const binary = await findBinary(name, path, root);
    if (binary !== undefined) return binary;
  }
  return undefined;
}

function versionProblem(
  { refused }: Runner,
  { id, version: pin }: WantedScanner,
  version: string | undefined,
): string | undefined {
  if (version === undefined) return undefined;
  const reason = refused?.get(version);
  if (reason !== undefined) return `expected another version of ${id} than ${version}: ${reason}`;
  return pin === undefined || pin === version ? undefined : `expected ${id} ${pin}, got ${version}`;
}

/** What it read of what was there to read: the only proof that it worked. Per project where it reads packages. */
function coverageOf(
  wanted: WantedScanner,
  root: string,
  inventory: Inventory,
  reports: readonly ToolReport[],
): Coverage[] {
  return reports.some(({ packages }) => packages !== undefined) || reports.length === 0
    ? packageCoverage(wanted, root, inventory, reports)
    : reports.map((report) => fileCoverage(wanted, root, report));
}

function fileCoverage(
  { id, required, asked }: WantedScanner,
  root: string,
  { files = [], gaps }: ToolReport,
): Coverage {
  const row = { plugin: id, target: '.', unit: 'files', processed: files.length } as const;
  if (gaps.length === 0) return { ...row, status: 'succeeded', expected: files.length, required, errors: [] };
  return {
    ...row,
    status: 'partial',
    cause: 'tool-failed',
    expected: files.length + gaps.length,
    required: required || asked,
    errors: listErrors(
      gaps.map(({ path, message }) => ({
        message: scrubbed(path === undefined ? message : `${path}: ${message}`, root),
      })),
    ),
  };
}

/** No report tells of the machine. */
function scrubbed(message: string, root: string): string {
  return message.replaceAll(`${root}/`, '');
}

function packageCoverage(
  { id, required, asked }: WantedScanner,
  root: string,
  inventory: Inventory,
  reports: readonly ToolReport[],
): Coverage[] {
  const read = new Set(
    reports
      .flatMap(({ packages = [] }) => packages)
      .map(({ path, ecosystem, name, version }) =>
        JSON.stringify([toModelPath(path, root), ecosystem, name, version]),
      ),
  );
  const gaps = new Map(
    reports
      .flatMap((report) => report.gaps)
      .map(({ path = '', message }) => [toModelPath(path, root), scrubbed(message, root)]),
  );
  return inventory.projects.map((project) => {
    const expected = new Map<string, string>();
    for (const { project: owner, origin, ecosystem, name, version } of inventory.components) {
      if (owner !== project.id || origin !== 'registry' || version === undefined) continue;
      expected.set(JSON.stringify([owner, ecosystem, name, version]), `${name} ${version}`);
    }
    const missing = [...expected].filter(([key]) => !read.has(key)).map(([, label]) => label);
    const row = { plugin: id, target: project.id, unit: 'packages', expected: expected.size } as const;
    const gap = gaps.get(project.id);
    if (gap !== undefined) {
      const errors = [{ message: gap }];
      return {
        ...row,
        status: 'failed',
        cause: 'tool-failed',
        processed: 0,
        required: required || asked,
        errors,
      };
    }
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
function notRun(
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
  return { reports: [], coverage: [row], runs: [] };
}

function unknown(wanted: WantedScanner): ScannersAnswer {
  const known = SCANNERS.filter(({ runner }) => runner !== undefined)
    .map(({ id }) => id)
    .join(', ');
  return notRun(
    wanted,
    'tool-missing',
    `expected a scanner that plimsoll can run (${known}), got ${wanted.id}`,
  );
}
