// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECOSYSTEMS, type Ecosystem, type Project } from '../model/inventory.ts';
import { normalizePypiName } from '../model/purl.ts';
import type { ReportedVulnerability, ScannedPackage } from '../model/scanner.ts';
import { fromModelPath } from '../platform/fs.ts';
import type { Scanner, ScannerAnswer, ScannerContext } from './scanner.ts';

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
export const osvScanner: Scanner = {
  id: 'osv-scanner',
  install: 'go install github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.5.0',
  version: (output) => /^osv-scanner version: (\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1],
  async scan(context, version) {
    const files = filesOf(context);
    if (files.size === 0) return { reported: [], scanned: [] };
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
    for (const [path, { format }] of files) args.push('-L', `${format}:${path}`);
    const { stdout, stderr, exitCode, failure } = await context.run([...args, '--format', 'json'], {
      XDG_CACHE_HOME: cache,
    });
    // 1 to 126 are findings; what it read, and not this number, tells whether it worked.
    if (failure !== undefined) return { failure };
    const answer = readAnswer(stdout, files, version);
    return answer ?? { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
  },
};

interface ScannedFile {
  readonly format: string;
  readonly project: string;
}

/** By OS path. */
function filesOf({ inventory, root }: ScannerContext): Map<string, ScannedFile> {
  const files = new Map<string, ScannedFile>();
  for (const project of inventory.projects) {
    const format = FORMATS.get(project.collector);
    if (format === undefined) continue;
    for (const path of lockFiles(project))
      files.set(fromModelPath(path, root), { format, project: project.id });
  }
  return files;
}

/** A requirements root follows its includes itself; of a lock it is the lock, not the manifest beside it. */
function lockFiles({ id }: Project): string[] {
  return [id];
}

function readAnswer(
  stdout: string,
  files: ReadonlyMap<string, ScannedFile>,
  toolVersion: string,
): ScannerAnswer | undefined {
  const results = listOf(parsed(stdout), 'results');
  if (results === undefined) return undefined;
  const reported: ReportedVulnerability[] = [];
  const scanned: ScannedPackage[] = [];
  for (const result of results) {
    const path = fieldOf(fieldOf(result, 'source'), 'path');
    const project = typeof path === 'string' ? files.get(path)?.project : undefined;
    const packages = listOf(result, 'packages');
    // A file that nobody named, or a shape that is not known: nothing else of it can be trusted.
    if (project === undefined || packages === undefined) return undefined;
    for (const entry of packages) {
      const found = packageOf(fieldOf(entry, 'package'), project);
      if (found === undefined) continue;
      const reports = (listOf(entry, 'vulnerabilities') ?? []).map((record) =>
        reportOf(record, found, toolVersion),
      );
      if (reports.includes(undefined)) return undefined;
      scanned.push(found);
      reported.push(...reports.filter((report) => report !== undefined));
    }
  }
  return { reported, scanned };
}

function reportOf(
  record: unknown,
  found: ScannedPackage,
  toolVersion: string,
): ReportedVulnerability | undefined {
  const id = fieldOf(record, 'id');
  if (typeof id !== 'string' || id === '') return undefined;
  const aliases = (listOf(record, 'aliases') ?? []).filter((alias) => typeof alias === 'string');
  return { ...found, toolVersion, id, aliases, record };
}

/** Packages without a version, and of other ecosystems, are not compared. */
function packageOf(value: unknown, project: string): ScannedPackage | undefined {
  const known: Ecosystem | undefined = ECOSYSTEMS.find((each) => each === fieldOf(value, 'ecosystem'));
  const name = fieldOf(value, 'name');
  const version = fieldOf(value, 'version');
  if (known === undefined || typeof name !== 'string' || typeof version !== 'string' || version === '')
    return undefined;
  const normalized = known === 'PyPI' ? normalizePypiName(name) : name;
  return { tool: 'osv-scanner', project, ecosystem: known, name: normalized, version };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown, key: string): readonly unknown[] | undefined {
  const field = fieldOf(value, key);
  return Array.isArray(field) ? field : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** The last thing that it said, which is why it stopped. */
function lastLine(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 200)}`;
}
