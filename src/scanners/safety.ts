// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { normalizePypiName } from '../model/purl.ts';
import type { PackageHit, ToolGap, ToolPackage } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import {
  fieldOf,
  hasKeys,
  httpsUrl,
  isRecord,
  parsedObject,
  readEntries,
  readEnvelope,
  textOf,
} from './fields.ts';
import type { Scanner } from './scanner.ts';

const envelope = z.looseObject({
  vulnerabilities: z.array(z.unknown()),
  ignored_vulnerabilities: z.array(z.unknown()).optional(),
  scanned_packages: parsedObject.optional(),
});

const vulnerability = z.looseObject({
  vulnerability_id: z.union([z.string().min(1), z.number()]),
  package_name: z.string().min(1),
  analyzed_version: z.string(),
  CVE: z.string().nullish(),
  advisory: z.string().nullish(),
  fixed_versions: z.array(z.string()).nullish(),
  more_info_url: z.string().nullish(),
});

/**
 * The JSON of `safety check`, for import alone: its newer command needs a login. What its own policy file ignored it
 * lists apart, and that is told, since that file may lie in the tree.
 * @see https://docs.safetycli.com/safety-docs/output/json-output
 */
export const safety: Scanner = {
  id: 'safety',
  name: 'Safety',
  recognises: (report) =>
    hasKeys(report, 'report_meta', 'vulnerabilities', 'scanned_packages') || isOfScan(report),
  read(report) {
    if (isOfScan(report))
      throw new PlimsollError(
        'parse-failed',
        'expected a report of `safety check`, got one of `safety scan`, which names neither CVE nor text of a vulnerability',
      );
    const { vulnerabilities, ignored_vulnerabilities, scanned_packages } = readEnvelope(
      envelope,
      report,
      'Safety',
    );
    const gaps: ToolGap[] = [];
    const version = textOf(fieldOf(fieldOf(report, 'report_meta'), 'safety_version'));
    const found = readEntries(vulnerability, vulnerabilities, 'vulnerabilities', gaps);
    for (const each of ignored_vulnerabilities ?? []) {
      const [id, name] = [fieldOf(each, 'vulnerability_id'), textOf(fieldOf(each, 'package_name'))];
      const shown = typeof id === 'number' ? `${id}` : (textOf(id)?.slice(0, 40) ?? 'a vulnerability');
      gaps.push({ message: `${name ?? 'a package'}: its policy file ignores ${shown}` });
    }
    return [
      {
        tool: 'safety',
        name: 'Safety',
        ...(version === undefined ? {} : { version: version.slice(0, 40) }),
        rules: [],
        hits: found.map(hitOf),
        packages: Object.values(scanned_packages ?? {}).flatMap(packageOf),
        gaps,
      },
    ];
  },
};

/** Its ids are known to its makers alone: nothing could be joined with what others report. */
function isOfScan(report: unknown): boolean {
  return hasKeys(report, 'meta', 'scan_results') && hasKeys(fieldOf(report, 'scan_results'), 'projects');
}

function packageOf(each: unknown): ToolPackage[] {
  const [name, version] = [textOf(fieldOf(each, 'name')), textOf(fieldOf(each, 'version'))];
  if (!isRecord(each) || name === undefined || version === undefined) return [];
  return [{ path: '', ecosystem: 'PyPI', name: normalizePypiName(name), version }];
}

function hitOf(found: z.output<typeof vulnerability>): PackageHit {
  const { vulnerability_id, package_name, analyzed_version: version, CVE, advisory, fixed_versions } = found;
  const name = normalizePypiName(package_name);
  const details = textOf(advisory);
  const link = httpsUrl(found.more_info_url);
  return {
    kind: 'vulnerability',
    path: '',
    ecosystem: 'PyPI',
    name,
    version,
    record: {
      id: `SFTY-${String(vulnerability_id).slice(0, 60)}`,
      aliases: textOf(CVE) === undefined ? [] : [String(CVE)],
      ...(details === undefined ? {} : { details }),
      affected: [
        {
          package: { ecosystem: 'PyPI', name },
          ranges: [
            {
              type: 'ECOSYSTEM',
              events: [{ introduced: '0' }, ...(fixed_versions ?? []).map((fixed) => ({ fixed }))],
            },
          ],
        },
      ],
      ...(link === undefined ? {} : { references: [{ type: 'WEB', url: link }] }),
    },
  };
}
