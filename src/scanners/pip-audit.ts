// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { normalizePypiName } from '../model/purl.ts';
import type { PackageHit, ToolGap, ToolPackage, ToolReport } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { fieldOf, hasKeys, readEntries, textOf, withProof } from './fields.ts';
import { pipAuditRunner } from './pip-audit-runner.ts';
import type { Scanner } from './scanner.ts';

const dependency = z.object({
  name: z.string().min(1),
  version: z.string().optional(),
  vulns: z.array(z.unknown()).optional(),
  skip_reason: z.string().optional(),
});

const vulnerability = z.object({
  id: z.string().min(1),
  fix_versions: z.array(z.string()).nullish(),
  aliases: z.array(z.string()).nullish(),
  description: z.string().nullish(),
});

/**
 * pip-audit's JSON: an object with `dependencies`, or the bare list of versions before 2.5. A package that could not be
 * looked up has a `skip_reason` and the exit status is 0 all the same. It names no file.
 * @see https://github.com/pypa/pip-audit/blob/v2.10.1/pip_audit/_format/json.py
 */
export const pipAudit: Scanner = {
  id: 'pip-audit',
  name: 'pip-audit',
  recognises: (report) => {
    const [first] = dependenciesOf(report) ?? [];
    return (
      hasKeys(report, 'dependencies', 'fixes') ||
      (hasKeys(first, 'name') && (hasKeys(first, 'vulns') || hasKeys(first, 'skip_reason')))
    );
  },
  read(report) {
    const read = readPipAudit(report);
    return [withProof(read, read.packages)];
  },
  runner: pipAuditRunner((report) => readPipAudit(report)),
};

function readPipAudit(report: unknown): ToolReport {
  const dependencies = dependenciesOf(report);
  if (dependencies === undefined)
    throw new PlimsollError('parse-failed', 'expected a report of pip-audit, got no list of dependencies');
  const gaps: ToolGap[] = [];
  const packages: ToolPackage[] = [];
  const hits: PackageHit[] = [];
  for (const { name: raw, version, vulns, skip_reason } of readEntries(
    dependency,
    dependencies,
    'dependencies',
    gaps,
  )) {
    const name = normalizePypiName(raw);
    if (version === undefined || vulns === undefined) {
      gaps.push({ message: `${name} was skipped: ${textOf(skip_reason) ?? 'no reason is given'}` });
      continue;
    }
    packages.push({ path: '', ecosystem: 'PyPI', name, version });
    for (const found of readEntries(vulnerability, vulns, `${name}: vulns`, gaps))
      hits.push({
        kind: 'vulnerability',
        path: '',
        ecosystem: 'PyPI',
        name,
        version,
        record: recordOf(name, found),
      });
  }
  return { tool: 'pip-audit', name: 'pip-audit', rules: [], hits, packages, gaps };
}

function dependenciesOf(report: unknown): readonly unknown[] | undefined {
  const list = Array.isArray(report) ? report : fieldOf(report, 'dependencies');
  return Array.isArray(list) ? list : undefined;
}

function recordOf(
  name: string,
  { id, aliases, description, fix_versions }: z.output<typeof vulnerability>,
): PackageHit['record'] {
  const details = textOf(description);
  const fixed = (fix_versions ?? []).map((version) => ({ fixed: version }));
  return {
    id,
    aliases: aliases ?? [],
    ...(details === undefined ? {} : { details }),
    affected: [
      {
        package: { ecosystem: 'PyPI', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...fixed] }],
      },
    ],
  };
}
