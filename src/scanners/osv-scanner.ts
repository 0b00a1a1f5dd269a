// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { ECOSYSTEMS } from '../model/inventory.ts';
import { normalizePypiName } from '../model/purl.ts';
import type { PackageHit, ToolGap, ToolPackage, ToolReport } from '../model/tool-report.ts';
import { fieldOf, hasKeys, readEntries, readEnvelope } from './fields.ts';
import { osvScannerRunner } from './osv-scanner-runner.ts';
import type { Scanner } from './scanner.ts';

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

/** @see https://google.github.io/osv-scanner/output/#json */
export const osvScanner: Scanner = {
  id: 'osv-scanner',
  name: 'OSV-Scanner',
  recognises: (report) =>
    Array.isArray(fieldOf(report, 'results')) &&
    (fieldOf(report, 'results') as readonly unknown[]).every((each) => hasKeys(each, 'source', 'packages')) &&
    (hasKeys(report, 'experimental_config') || (fieldOf(report, 'results') as readonly unknown[]).length > 0),
  read: (report) => [readOsvScanner(report)],
  runner: osvScannerRunner(readOsvScanner),
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
  return {
    tool: 'osv-scanner',
    name: 'OSV-Scanner',
    rules: [],
    hits,
    files,
    packages,
    everyRecord: true,
    gaps,
  };
}
