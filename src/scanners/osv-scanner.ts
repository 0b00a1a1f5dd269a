// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ECOSYSTEMS, type Project } from '../model/inventory.ts';
import { normalizePypiName } from '../model/purl.ts';
import type { PackageHit, ToolGap, ToolPackage, ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { fieldOf, hasKeys, readEntries, readEnvelope } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner, Scanner, ScannerContext } from './scanner.ts';

const envelope = z.object({ results: z.array(z.unknown()).nullable() });

const result = z.object({
  source: z.object({ path: z.string() }),
  packages: z.array(z.unknown()).nullish(),
});

const entry = z.object({
  package: z.object({ name: z.string(), version: z.string().optional(), ecosystem: z.string().optional() }),
  vulnerabilities: z.array(z.unknown()).nullish(),
});

const record = z.looseObject({ id: z.string().min(1) });

/** What osv-scanner calls the formats that plimsoll reads: https://google.github.io/osv-scanner/usage/ */
const FORMATS = new Map([
  ['package-lock', 'package-lock.json'],
  ['poetry-lock', 'poetry.lock'],
  ['requirements', 'requirements.txt'],
]);

/**
 * Google's osv-scanner on the files of the inventory, each named with its format, so that neither its own walk nor a
 * configuration in the tree has a say. With the records of this run it works offline, and the two can be compared.
 */
const runner: Runner = {
  programs: ['osv-scanner'],
  needs: 'records',
  install: 'go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0',
  version: (output) => /^osv-scanner version: (\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1],
  async scan(context) {
    const files = filesOf(context);
    if (files.size === 0) return [];
    const config = join(context.scratch, 'osv-scanner.toml');
    writeFileSync(config, '');
    const args = ['scan', 'source', '--config', config, '--no-resolve', '--all-packages', '--all-vulns'];
    const cache = join(context.scratch, 'cache');
    if (context.archives !== undefined) {
      const database = join(cache, 'osv-scalibr');
      mkdirSync(database, { recursive: true });
      context.archives(database);
      args.push('--offline');
    }
    for (const [path, format] of files) args.push('-L', `${format}:${path}`);
    const { stdout, stderr, exitCode, failure } = await context.run([...args, '--format', 'json'], {
      XDG_CACHE_HOME: cache,
    });
    // 1 to 126 are findings; what it read, and not this number, tells whether it worked.
    if (failure !== undefined) return { failure };
    const none = { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
    const report = parsedJson(stdout);
    if (!hasKeys(report, 'results')) return none;
    const answer = readOsvScanner(report);
    // A file that nobody named, or a shape that is not known: nothing else of it can be trusted.
    const foreign = answer.files?.some((path) => !files.has(path)) ?? false;
    return foreign || answer.gaps.length > 0 ? none : [answer];
  },
};

/** @see https://google.github.io/osv-scanner/output/#json */
export const osvScanner: Scanner = {
  id: 'osv-scanner',
  name: 'OSV-Scanner',
  recognises: (report) =>
    Array.isArray(fieldOf(report, 'results')) &&
    (fieldOf(report, 'results') as readonly unknown[]).every((each) => hasKeys(each, 'source', 'packages')) &&
    (hasKeys(report, 'experimental_config') || (fieldOf(report, 'results') as readonly unknown[]).length > 0),
  read: (report) => [readOsvScanner(report)],
  runner,
};

function readOsvScanner(report: unknown): ToolReport {
  const { results } = readEnvelope(envelope, report, 'OSV-Scanner');
  const gaps: ToolGap[] = [];
  const files: string[] = [];
  const packages: ToolPackage[] = [];
  const hits: PackageHit[] = [];
  for (const { source, packages: entries } of readEntries(result, results ?? [], 'results', gaps)) {
    files.push(source.path);
    for (const found of readEntries(entry, entries ?? [], `${source.path}: packages`, gaps)) {
      const { ecosystem = '', version = '' } = found.package;
      const name = ecosystem === 'PyPI' ? normalizePypiName(found.package.name) : found.package.name;
      const known = ECOSYSTEMS.find((each) => each === ecosystem);
      if (known !== undefined && version !== '')
        packages.push({ path: source.path, ecosystem: known, name, version });
      const records = readEntries(record, found.vulnerabilities ?? [], `${name}: vulnerabilities`, gaps);
      for (const each of records)
        hits.push({ kind: 'vulnerability', path: source.path, ecosystem, name, version, record: each });
    }
  }
  return { tool: 'osv-scanner', name: 'OSV-Scanner', rules: [], hits, files, packages, gaps };
}

/** Format by OS path. A requirements root follows its includes itself; of a lock it is the lock, not the manifest. */
function filesOf({ inventory, root }: ScannerContext): Map<string, string> {
  return new Map(
    inventory.projects.flatMap(({ collector, id }: Project) => {
      const format = FORMATS.get(collector);
      return format === undefined ? [] : [[fromModelPath(id, root), format] as const];
    }),
  );
}
