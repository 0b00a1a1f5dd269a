// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { mergeReported } from '../../src/findings/merge.ts';
import type { ReportedVulnerability, ScannedPackage } from '../../src/model/scanner.ts';
import { component } from '../advisories/support.ts';
import { vulnerability } from '../policy/support.ts';

const LEFT = component('npm', 'left', '1.0.0');
const SCANNED: ScannedPackage = {
  tool: 'osv-scanner',
  project: 'lock',
  ecosystem: 'npm',
  name: 'left',
  version: '1.0.0',
};

function report(id: string, fields: Partial<ReportedVulnerability> = {}): ReportedVulnerability {
  return { ...SCANNED, toolVersion: '2.5.0', id, aliases: [], record: { id }, ...fields };
}

function merge(reported: readonly ReportedVulnerability[], scanned: readonly ScannedPackage[] = [SCANNED]) {
  const finding = vulnerability({ component: LEFT, id: 'GHSA-1' });
  return mergeReported([{ ...finding, aliases: ['CVE-1'] }], [LEFT], { reported, scanned });
}

describe('what another tool reports', () => {
  it.each([
    ['the same id', report('GHSA-1')],
    ['an alias', report('CVE-1')],
    ['an id whose alias is known', report('PYSEC-1', { aliases: ['CVE-1'] })],
  ])('with %s is the same finding, with both sources', (_, reported) => {
    const { findings, unmatched, coverage } = merge([reported]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.sources.at(-1)).toEqual({
      tool: 'osv-scanner',
      version: '2.5.0',
      ruleId: reported.id,
    });
    expect([unmatched, coverage]).toEqual([[], []]);
  });

  it('twice under two ids is one finding with two sources of that tool', () => {
    const { findings } = merge([report('GHSA-1'), report('CVE-1')]);
    expect(findings[0]?.sources.map(({ ruleId }) => ruleId).slice(-2)).toEqual(['CVE-1', 'GHSA-1']);
  });

  it('alone is kept, and told', () => {
    const { unmatched, coverage } = merge([report('GHSA-1'), report('GHSA-2')]);
    expect(unmatched.map(({ id }) => id)).toEqual(['GHSA-2']);
    expect(coverage).toMatchObject([
      {
        plugin: 'osv-scanner',
        cause: 'disagreement',
        required: false,
        errors: [{ message: 'lock: left 1.0.0: osv-scanner reports GHSA-2, which plimsoll does not find' }],
      },
    ]);
  });

  it('of a package that nobody collected is told, and is no finding', () => {
    const { unmatched, coverage } = merge([report('GHSA-1'), report('GHSA-3', { name: 'right' })]);
    expect(unmatched).toEqual([]);
    expect(coverage[0]?.errors[0]?.message).toContain('a package that is not in the inventory');
  });

  it('not at all is told where the tool read the package', () => {
    expect(merge([]).coverage[0]?.errors).toEqual([
      { message: 'lock: left 1.0.0: plimsoll finds GHSA-1, which osv-scanner does not report' },
    ]);
    expect(merge([], []).coverage).toEqual([]);
  });

  it('of another version or project is not the same', () => {
    expect(merge([report('GHSA-1', { version: '2.0.0' })]).findings[0]?.sources).toHaveLength(1);
    expect(merge([report('GHSA-1', { project: 'other' })]).findings[0]?.sources).toHaveLength(1);
  });
});

describe('records of one problem', () => {
  const records = [
    { id: 'GHSA-1', aliases: ['CVE-1', 'PYSEC-1'] },
    { id: 'PYSEC-1', aliases: ['CVE-1', 'GHSA-1'] },
  ];
  const finding = vulnerability({ component: LEFT, id: 'GHSA-1', records });
  const everyRecord: ScannedPackage = { ...SCANNED, everyRecord: true };

  /** Ids of the problem by tool, then what is told. */
  function told(reports: readonly ReportedVulnerability[], scanned: readonly ScannedPackage[]) {
    const { findings, unmatched, coverage } = mergeReported([finding], [LEFT], {
      reported: reports,
      scanned,
    });
    expect([findings.length, unmatched]).toEqual([1, []]);
    return coverage.flatMap(({ plugin, errors }) => errors.map(({ message }) => `${plugin}: ${message}`));
  }

  it('that a tool reports all are agreement', () => {
    const both = records.map(({ id, aliases }) => report(id, { aliases }));
    expect(told(both, [everyRecord])).toEqual([]);
  });

  it('of which a tool that reports every record lacks one are a disagreement, though an alias names it', () => {
    expect(told([report('GHSA-1', { aliases: ['CVE-1', 'PYSEC-1'] })], [everyRecord])).toEqual([
      'osv-scanner: lock: left 1.0.0: plimsoll finds PYSEC-1, which osv-scanner does not report',
    ]);
  });

  it.each([
    ['one of the records', report('PYSEC-1', { aliases: ['GHSA-1'] })],
    ['an alias of both', report('CVE-1')],
  ])('of which another tool reports %s are agreement', (_, reported) => {
    expect(told([reported], [SCANNED])).toEqual([]);
  });

  it('to which a tool adds one that plimsoll does not match are a disagreement where it reports every record', () => {
    const added = report('MAL-1', { aliases: ['GHSA-1'] });
    const all = [...records.map(({ id, aliases }) => report(id, { aliases })), added];
    expect(told(all, [everyRecord])).toEqual([
      'osv-scanner: lock: left 1.0.0: osv-scanner reports MAL-1, which plimsoll does not find',
    ]);
    expect(told(all, [SCANNED])).toEqual([]);
  });

  it('are compared by tool', () => {
    const other: ScannedPackage = { ...SCANNED, tool: 'pip-audit' };
    const reports = [report('PYSEC-1'), report('GHSA-1', { tool: 'pip-audit' })];
    expect(told(reports, [everyRecord, other])).toEqual([
      'osv-scanner: lock: left 1.0.0: plimsoll finds GHSA-1, which osv-scanner does not report',
    ]);
  });
});
