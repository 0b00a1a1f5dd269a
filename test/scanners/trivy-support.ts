// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolHit, ToolReport } from '../../src/model/tool-report.ts';
import { trivy } from '../../src/scanners/trivy.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

export const FIXTURES = join(REPO_ROOT, 'fixtures', 'scanners', 'trivy');

export function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function read(report: unknown): ToolReport {
  const [first, ...more] = trivy.read(report);
  if (first === undefined || more.length > 0) throw new Error('expected one report');
  return first;
}

export const of = (...results: unknown[]) => ({ SchemaVersion: 2, ArtifactName: '.', Results: results });
export const kinds = (hits: readonly ToolHit[]) => hits.map(({ kind }) => kind);

export const CVE = {
  VulnerabilityID: 'CVE-2026-1',
  VendorIDs: ['GHSA-aaaa-bbbb-cccc'],
  PkgName: 'Some_Package',
  InstalledVersion: '1.0.0',
  FixedVersion: '2.0.1, 1.0.1',
  SeveritySource: 'nvd',
  PrimaryURL: 'https://avd.example/cve-2026-1',
  Title: 'something is wrong',
  Severity: 'HIGH',
  CweIDs: ['CWE-79'],
  CVSS: {
    ghsa: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N', V3Score: 5.3 },
    nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', V3Score: 7.5 },
  },
  References: ['https://example.org/1', 'http://example.org/2', 'javascript:alert(1)'],
};
export const CHECK = { ID: 'DS-0002', Title: 'root', Severity: 'HIGH', Status: 'FAIL', CauseMetadata: {} };
