// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import type { ToolHit, ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { hasKeys } from './fields.ts';
import { askByHalves, type Refusal } from './halves.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner, ScannerContext } from './scanner.ts';

/** What osv-scanner calls the formats that plimsoll reads: https://google.github.io/osv-scanner/usage/ */
const FORMATS = new Map([
  ['package-lock', 'package-lock.json'],
  ['poetry-lock', 'poetry.lock'],
  ['requirements', 'requirements.txt'],
]);

/** Some twenty bad locks among a hundred. It reads all records anew each time, which can take seconds. */
const MAX_RUNS = 64;

/** It read the files, and there is no package in them: https://google.github.io/osv-scanner/output/#return-codes */
const NO_PACKAGES = 128;

/**
 * Google's osv-scanner on the files of the inventory, each named with its format, so that neither its own walk nor a
 * configuration in the tree has a say. With the records of this run it works offline, and the two can be compared. A
 * file that it cannot read costs it the report on all others too, so it is run again without; such a file is a gap.
 */
export function osvScannerRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['osv-scanner'],
    needs: 'records',
    install: 'go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0',
    version: (output) => /^osv-scanner version: (\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1],
    async scan(context) {
      const args = argumentsOf(context);
      const env = { XDG_CACHE_HOME: cacheOf(context) };
      const ask = async (files: readonly NamedFile[]): Promise<ToolReport | Refusal> => {
        const owners = ownersOf(context, files);
        const named = files.flatMap(({ path, format }) => ['-L', `${format}:${path}`]);
        const { stdout, stderr, exitCode, failure } = await context.run([...args, ...named], env);
        if (failure !== undefined) return { refusal: failure, final: true };
        if (exitCode === NO_PACKAGES && stdout === '') return read({ results: [] });
        // 1 to 126 are findings; what it read, and not this number, tells whether it worked.
        const report = parsedJson(stdout);
        if (!hasKeys(report, 'results'))
          return { refusal: `exit status ${exitCode} and no report${reasonOf(stderr, files)}` };
        const answer = read(report);
        // Nothing else of such a report can be trusted.
        if (answer.files?.some((path) => !owners.has(path)))
          return { refusal: 'one on a file that it was not given' };
        const [gap] = answer.gaps;
        if (gap !== undefined) return { refusal: `one that cannot be read: ${gap.message}` };
        return byRoots(answer, owners, context.inventory);
      };
      const { answers, refused } = await askByHalves(filesOf(context), ask, MAX_RUNS);
      const gaps = refused.map(({ item, refusal }) => ({
        path: item.path,
        message: `expected a report of osv-scanner, got ${refusal}`,
      }));
      return gaps.length === 0 ? answers : [...answers, { ...read({ results: [] }), gaps }];
    },
  };
}

interface NamedFile {
  readonly path: string;
  readonly format: string;
}

function argumentsOf(context: ScannerContext): string[] {
  const config = join(context.scratch, 'osv-scanner.toml');
  writeFileSync(config, '');
  const args = ['scan', 'source', '--config', config, '--no-resolve', '--all-packages', '--all-vulns'];
  args.push('--format', 'json');
  if (context.archives === undefined) return args;
  const database = join(cacheOf(context), 'osv-scalibr');
  mkdirSync(database, { recursive: true });
  context.archives(database);
  return [...args, '--offline'];
}

function cacheOf({ scratch }: ScannerContext): string {
  return join(scratch, 'cache');
}

/** Of a requirements root, which it follows itself, and of a lock, not its manifest. */
function filesOf({ inventory, root }: ScannerContext): NamedFile[] {
  return inventory.projects.flatMap(({ collector, id }) => {
    const format = FORMATS.get(collector);
    return format === undefined ? [] : [{ path: fromModelPath(id, root), format }];
  });
}

interface Owner {
  readonly project: string;
  /** OS path of its root file. */
  readonly path: string;
}

/** Who of the files that it is given reads a file, by its OS path. */
function ownersOf(
  { inventory, root }: ScannerContext,
  given: readonly NamedFile[],
): Map<string, readonly Owner[]> {
  const roots = new Set(given.map(({ path }) => path));
  const owners = new Map<string, Owner[]>();
  for (const { id, files } of inventory.projects) {
    const path = fromModelPath(id, root);
    if (!roots.has(path)) continue;
    for (const file of new Set([id, ...files])) {
      const key = fromModelPath(file, root);
      owners.set(key, [...(owners.get(key) ?? []), { project: id, path }]);
    }
  }
  return owners;
}

/**
 * The report by the files that it was given. What `a.txt` includes by way of `b.txt` it reports under `b.txt`, once for
 * all that include that: it belongs to each of them that has the package.
 */
function byRoots(
  report: ToolReport,
  owners: ReadonlyMap<string, readonly Owner[]>,
  { components }: Inventory,
): ToolReport {
  const known = new Set(
    components.map(({ project, ecosystem, name, version }) => keyOf(project, { ecosystem, name, version })),
  );
  const spread = <Each extends Located>(each: Each): Each[] => {
    const all = owners.get(each.path) ?? [];
    const having = all.filter(({ project, path }) => path === each.path || known.has(keyOf(project, each)));
    return (having.length > 0 ? having : all.slice(0, 1)).map(({ path }) => ({ ...each, path }));
  };
  return {
    ...report,
    hits: report.hits.flatMap((hit): readonly ToolHit[] =>
      hit.kind === 'vulnerability' ? spread(hit) : [hit],
    ),
    packages: (report.packages ?? []).flatMap(spread),
  };
}

interface Located {
  readonly path: string;
  readonly ecosystem?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
}

function keyOf(project: string, { ecosystem, name, version }: Omit<Located, 'path'>): string {
  return JSON.stringify([project, ecosystem, name, version]);
}

/** Why it could not read a file, without the path, which is that of this machine; else its last words. */
function reasonOf(stderr: string, files: readonly NamedFile[]): string {
  const told = /^Error during extraction: \(extracting as [^)]*\) (.*)$/m.exec(stderr)?.[1] ?? '';
  const prefixes = files.map(({ path }) => `${path.replace(/^\//, '')}: `);
  const prefix = prefixes.find((each) => told.startsWith(each));
  return prefix === undefined ? lastLine(stderr) : `: ${told.slice(prefix.length).slice(0, 200)}`;
}
