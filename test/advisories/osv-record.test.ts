// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAdvisory, readableDate } from '../../src/advisories/osv-record.ts';

const EMPTY = {
  id: 'X-1',
  modified: '',
  aliases: [],
  severity: [],
  affected: [],
  references: [],
  cwes: [],
};

describe('readAdvisory', () => {
  it('reads every field that is used', () => {
    const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/...' }];
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1' }, { limit: '*' }] }];
    const record = {
      id: 'GHSA-1',
      modified: '2024-01-02T00:00:00Z',
      published: '1-01-01',
      withdrawn: '2024-01-03T00:00:00Z',
      aliases: ['CVE-1'],
      summary: 's',
      details: 'd',
      severity,
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'demo', purl: 'pkg:pypi/demo' },
          ranges,
          versions: ['1.0'],
          severity,
          database_specific: { last_known_affected_version_range: '<= 1.0', cwe_ids: ['CWE-20'] },
        },
      ],
      references: [{ type: 'WEB', url: 'https://h.example' }],
      database_specific: {
        severity: 'HIGH',
        cwe_ids: ['CWE-79', 'CWE-20', 'cwe', 7],
        cwes: [{ cweId: 'CWE-506' }],
      },
    };
    const { database_specific: _, affected: __, ...plain } = record;
    expect(readAdvisory(record)).toEqual({
      ...plain,
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'demo' },
          ranges,
          versions: ['1.0'],
          severity,
          lastKnownAffected: '<= 1.0',
        },
      ],
      severityLabel: 'HIGH',
      cwes: ['CWE-20', 'CWE-506', 'CWE-79'],
    });
  });

  it('needs no more than an id', () => {
    expect(readAdvisory({ id: 'X-1' })).toEqual(EMPTY);
    expect(readAdvisory({ id: 'X-1', affected: null })).toEqual(EMPTY);
  });

  it.each([
    [null, 'advisory: expected an object, got null'],
    [[], 'advisory: expected an object, got a list'],
    ['X-1', 'advisory: expected an object, got string'],
    [{}, 'advisory: expected a string "id", got undefined'],
    [{ id: 7 }, 'advisory: expected a string "id", got number'],
    [{ id: '' }, 'advisory: expected a string "id", got string'],
    [{ id: 'X-1', affected: {} }, 'X-1: expected "affected" to be a list, got object'],
    [{ id: 'X-1', affected: 'all' }, 'X-1: expected "affected" to be a list, got string'],
  ])('refuses %j', (value, message) => {
    expect(() => readAdvisory(value)).toThrow(expect.objectContaining({ code: 'parse-failed', message }));
  });

  it('leaves out parts of a wrong type and keeps the rest', () => {
    const pkg = { ecosystem: 'npm', name: 'demo' };
    const record = readAdvisory({
      id: 'X-1',
      modified: 7,
      published: {},
      withdrawn: '',
      aliases: ['A', 7, null, ''],
      severity: [{ type: 'CVSS_V3' }, 'HIGH', { type: 'CVSS_V4', score: 'CVSS:4.0' }],
      affected: [
        'everything',
        { ranges: [] },
        { package: { ecosystem: 'npm' } },
        { package: pkg, ranges: 'all', versions: '1.0' },
        {
          package: pkg,
          ranges: [null, { events: [{ introduced: '0' }, {}, { fixed: 2 }, 'x'] }],
          versions: [1, '2'],
        },
      ],
      references: [{ type: 'WEB' }, { url: 'https://h.example' }],
      database_specific: { severity: 5, cwe_ids: 'CWE-1' },
    });
    expect(record).toEqual({
      ...EMPTY,
      aliases: ['A'],
      severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0' }],
      affected: [
        { package: pkg, ranges: [], versions: [], severity: [] },
        {
          package: pkg,
          ranges: [{ type: '', events: [{ introduced: '0' }] }],
          versions: ['2'],
          severity: [],
        },
      ],
      references: [{ type: 'WEB', url: 'https://h.example' }],
    });
  });

  it('reads an event with two keys as two events', () => {
    const ranges = [{ type: 'SEMVER', events: [{ introduced: '0', fixed: '1.0.0' }] }];
    const { affected } = readAdvisory({
      id: 'X-1',
      affected: [{ package: { ecosystem: 'npm', name: 'x' }, ranges }],
    });
    expect(affected[0]?.ranges[0]?.events).toEqual([{ introduced: '0' }, { fixed: '1.0.0' }]);
  });

  it('takes __proto__ for an unknown field', () => {
    const record = readAdvisory(JSON.parse('{"id": "X-1", "__proto__": {"withdrawn": "2024-01-01"}}'));
    expect(record).toEqual(EMPTY);
    expect(({} as { withdrawn?: string }).withdrawn).toBeUndefined();
  });

  it('reads or refuses any JSON, and reads what it read to the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.array(fc.jsonValue()), (value, inner, list) => {
        const affected = [
          { package: { ecosystem: 'npm', name: 'x' }, ranges: list, versions: inner },
          ...list,
        ];
        const record = readAdvisory({
          id: 'X-1',
          affected,
          aliases: value,
          severity: inner,
          database_specific: value,
        });
        expect(readAdvisory(JSON.parse(JSON.stringify(record)))).toMatchObject({ aliases: record.aliases });
        if (typeof value !== 'object') expect(() => readAdvisory(value)).toThrow('expected an object');
      }),
    );
  });
});

describe('readableDate', () => {
  it.each([
    ['2024-01-02T03:04:05Z', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['2024-01-02t03:04:05.678901z', Date.UTC(2024, 0, 2, 3, 4, 5, 678)],
    ['2024-01-02T03:04:05+02:00', Date.UTC(2024, 0, 2, 1, 4, 5)],
    ['2024-01-02', Date.UTC(2024, 0, 2)],
    ['1-01-01', undefined],
    ['0001-01-01T00:00:00Z', undefined],
    ['1969-12-31T23:59:59Z', undefined],
    ['2024-13-01', undefined],
    ['2024-01-02T03:04:05', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%s', (text, time) => {
    expect(readableDate(text)).toBe(time);
  });
});
