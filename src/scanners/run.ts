// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import type { ScannerRun, WantedScanner } from '../model/scanner.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { type Binary, findBinary, runProcess } from '../platform/process.ts';
import { versionInFile } from '../platform/version-in-file.ts';
import { walkTree } from '../platform/walk.ts';
import { SCANNERS } from './index.ts';
import { networkVariables, type ToolNetwork } from './network.ts';
import { withoutRoot } from './output.ts';
import { coverageOf } from './run-coverage.ts';
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
  /** Absent where no tool may use the network. */
  readonly network?: ToolNetwork;
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
  const { root, inventory, path, excludes, archives, network, signal } = options;
  const walk = { ...(excludes ? { excludes } : {}), ...(signal ? { signal } : {}) };
  const program = await programOf(runner, wanted, options);
  if ('coverage' in program) return program;
  const { binary, built } = program;
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-run-')));
  try {
    const env = {
      PATH: await searchPath(binary, runner.starts ?? [], { path, root, scratch }),
      ...{ LANG: 'C.UTF-8', HOME: scratch, TMPDIR: scratch },
      ...(network === undefined || runner.needs === undefined
        ? {}
        : await networkVariables(network, scratch)),
    };
    const run: ScannerContext['run'] = async (args, own, input) =>
      await runProcess(binary, args, {
        env: { ...env, ...own },
        cwd: scratch,
        timeout: TIMEOUT,
        maxOutput: MAX_OUTPUT,
        ...(input === undefined ? {} : { input }),
        ...(signal ? { signal } : {}),
      });
    const said = await run(runner.versionArgs ?? ['--version'], {});
    const claimed = runner.version(said.stdout);
    if (claimed === undefined)
      return notRun(wanted, 'tool-failed', `expected the version of ${id}, got another text`);
    const version = claimed === 'unknown' ? (built ?? claimed) : claimed;
    const problem = versionProblem(runner, wanted, version);
    if (problem !== undefined) return notRun(wanted, 'tool-failed', problem);
    const files = async () => (await walkTree(root, { wants: () => true, ...walk })).files;
    const rules = (wanted.rules ?? []).map((rule) => join(root, rule));
    const answer = await runner.scan(
      {
        ...{ root, inventory, files, scratch, run, rules },
        ...(archives === undefined ? {} : { archives }),
        ...(network === undefined ? {} : { advisoriesUrl: network.advisoriesUrl }),
      },
      version,
    );
    if ('failure' in answer)
      return notRun(
        wanted,
        'tool-failed',
        `expected a report of ${id}, got ${withoutRoot(answer.failure, root)}`,
      );
    const reports = answer.map((report) => ({ ...report, tool: id, name, version }));
    return {
      reports,
      coverage: coverageOf(wanted, root, inventory, reports, runner.ecosystems),
      runs: [{ id, name, version, sha256: binary.sha256 }],
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Program {
  readonly binary: Binary;
  /** The version that its file tells. */
  readonly built?: string;
}

/** The program that may be run, or the row that says why there is none. */
async function programOf(
  runner: Runner,
  wanted: WantedScanner,
  options: ScannersOptions & { readonly root: string },
): Promise<Program | ScannersAnswer> {
  const { id, sha256 } = wanted;
  const unmet = unmetNeed(runner, id, options);
  if (unmet !== undefined) return notRun(wanted, 'tool-failed', unmet);
  const binary = await firstBinary(runner.programs, options.path, options.root);
  if (binary === undefined)
    return notRun(
      wanted,
      'tool-missing',
      `expected ${id} outside the scanned tree, got none; ${runner.install}`,
    );
  if (sha256 !== undefined && sha256 !== binary.sha256)
    return notRun(wanted, 'tool-failed', `expected ${id} with sha256 ${sha256}, got ${binary.sha256}`);
  if (runner.versionMarks === undefined) return { binary };
  const built = await versionInFile(binary.path, runner.versionMarks);
  const refused = refusal(runner, id, built);
  if (refused !== undefined) return notRun(wanted, 'tool-failed', refused);
  return { binary, ...(built === undefined ? {} : { built }) };
}

function unmetNeed(
  { needs }: Runner,
  id: string,
  { network, archives }: ScannersOptions,
): string | undefined {
  if (network !== undefined || needs === undefined) return undefined;
  if (needs === 'network') return `expected the network, where ${id} asks for advisories, got none`;
  return archives === undefined
    ? 'expected a mirror whose records it can be given, got an offline run without'
    : undefined;
}

/** Where it finds other programs: beside itself, and links to those that it needs. */
async function searchPath(
  binary: Binary,
  starts: readonly string[],
  { path, root, scratch }: { readonly path: string; readonly root: string; readonly scratch: string },
): Promise<string> {
  if (starts.length === 0) return dirname(binary.path);
  const links = join(scratch, 'bin');
  await mkdir(links);
  for (const name of starts) {
    const found = await findBinary(name, path, root);
    if (found !== undefined) await symlink(found.path, join(links, name));
  }
  return [dirname(binary.path), links].join(delimiter);
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

function refusal({ refused }: Runner, id: string, version = ''): string | undefined {
  const reason = refused?.get(version);
  return reason === undefined ? undefined : `expected another version of ${id} than ${version}: ${reason}`;
}

function versionProblem(
  runner: Runner,
  { id, version: pin }: WantedScanner,
  version: string,
): string | undefined {
  const refused = refusal(runner, id, version);
  if (refused !== undefined) return refused;
  return pin === undefined || pin === version ? undefined : `expected ${id} ${pin}, got ${version}`;
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
