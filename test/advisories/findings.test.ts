// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { vulnerabilityFindings } from '../../src/advisories/findings.ts';
import { matchComponents } from '../../src/advisories/matcher.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Component } from '../../src/model/inventory.ts';
import { answer, component, record } from './support.ts';

const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const FIXED_IN_1_2 = [{ introduced: '0' }, { fixed: '1.2.0' }];

async function find(
  components: readonly Component[],
  records: readonly Advisory[],
  bodies: readonly Advisory[] = [],
) {
  const packageRecords = answer(components, records);
  return vulnerabilityFindings({
    matches: matchComponents(components, packageRecords).matches,
    components: new Map(components.map((each) => [each.ref, each])),
    packageRecords,
    commitRecords: new Map(),
    bodies: new Map(bodies.map((body) => [body.id, body])),
    paths: { to: (ref) => [['lock#.', ref]] },
  });
}

async function tipFor(
  records: readonly Advisory[],
  fields: Partial<Component> = {},
): Promise<string | undefined> {
  return (await find([component('npm', 'demo', '1.0.0', fields)], records)).findings[0]?.tip;
}

describe('vulnerabilityFindings', () => {
  it('has nothing to say without matches', async () => {
    expect(await find([component('npm', 'demo', '1.0.0')], [])).toEqual({
      findings: [],
      rules: [],
      unreadableVectors: 0,
    });
  });

  it('fills in every field', async () => {
    const severity = [
      { type: 'CVSS_V3', score: VECTOR },
      { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' },
    ];
    const aliases = ['CVE-2024-1', 'PYSEC-1'];
    const facts = record('GHSA-1', FIXED_IN_1_2, { aliases, severity, published: '2024-01-01' });
    const database_specific = { cwe_ids: ['CWE-79'] };
    const prose = { summary: 'XSS in\n demo', details: 'Long  story.', database_specific };
    const body = record('GHSA-1', FIXED_IN_1_2, { aliases, severity, ...prose });
    const { findings, rules, unreadableVectors } = await find(
      [component('npm', 'demo', '1.0.0')],
      [facts],
      [body],
    );
    expect(findings).toEqual([
      {
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        kind: 'vulnerability',
        ruleId: 'GHSA-1',
        severity: 'critical',
        score: 9.8,
        scoreSource: `${VECTOR} (GHSA-1)`,
        confidence: 'high',
        title: 'CVE-2024-1: demo 1.0.0: XSS in demo',
        message: 'demo 1.0.0 is affected by GHSA-1 (<1.2.0). Not a valid CVSS vector: GHSA-1: CVSS:4.0/AV:N.',
        tip: 'Upgrade demo to 1.2.0.',
        project: 'lock',
        component: 'lock#demo@1.0.0',
        aliases,
        cwes: ['CWE-79'],
        locations: [{ uri: 'lock', startLine: 7 }],
        sources: [{ tool: 'plimsoll', ruleId: 'GHSA-1' }],
        detail: {
          kind: 'vulnerability',
          records: [expect.objectContaining({ id: 'GHSA-1', published: '2024-01-01', fixed: ['1.2.0'] })],
          fixedVersions: ['1.2.0'],
          recommendedVersion: { version: '1.2.0', breaking: false },
          dependencyPaths: [['lock#.', 'lock#demo@1.0.0']],
        },
      },
    ]);
    expect(rules).toEqual([
      {
        id: 'GHSA-1',
        kind: 'vulnerability',
        name: 'CVE-2024-1',
        shortDescription: 'XSS in demo',
        fullDescription: 'Long story.',
        helpMarkdown:
          'XSS in demo\n\n- demo\\: affected \\<1\\.2\\.0\\, fixed in 1\\.2\\.0\n\nLong story\\.\n\n[GHSA\\-1](https://osv.dev/vulnerability/GHSA-1)\n\nAlso known as CVE\\-2024\\-1, PYSEC\\-1',
        helpUri: 'https://osv.dev/vulnerability/GHSA-1',
        tags: ['security', 'vulnerability', 'external/cwe/cwe-79'],
        defaultSeverity: 'critical',
      },
    ]);
    expect(unreadableVectors).toBe(1);
  });

  it('gives two affected versions of one project one fingerprint, and another project another', async () => {
    const other = { project: 'other', ref: 'other#demo' };
    const components = [
      component('npm', 'demo', '1.0.0'),
      component('npm', 'demo', '1.1.0'),
      component('npm', 'demo', '1.0.0', other),
    ];
    const early = record('GHSA-1', FIXED_IN_1_2, { published: '2024-01-01' });
    const { findings, rules } = await find(components, [early]);
    expect(findings.map((finding) => finding.component)).toEqual([
      'lock#demo@1.0.0',
      'lock#demo@1.1.0',
      'other#demo',
    ]);
    expect(findings[0]?.fingerprint).toBe(findings[1]?.fingerprint);
    expect(findings[0]?.fingerprint).not.toBe(findings[2]?.fingerprint);
    expect(rules).toHaveLength(1);
    // A late alias, as record or as id, opens nothing.
    const late = record('PYSEC-1', FIXED_IN_1_2, { aliases: ['GHSA-1'], published: '2024-02-01' });
    const again = await find(components, [late, { ...early, aliases: ['CVE-2024-1'] }]);
    expect(again.findings.map((finding) => finding.fingerprint)).toEqual(
      findings.map((finding) => finding.fingerprint),
    );
  });

  it('leads with the CVE, else the GHSA, else the anchor', async () => {
    const title = async (id: string, aliases: readonly string[]) =>
      (await find([component('npm', 'demo', '1.0.0')], [record(id, FIXED_IN_1_2, { aliases })])).findings[0]
        ?.title;
    expect(await title('PYSEC-1', ['GHSA-1', 'CVE-1'])).toBe('CVE-1: demo 1.0.0');
    expect(await title('PYSEC-1', ['GHSA-1'])).toBe('GHSA-1: demo 1.0.0');
    expect(await title('PYSEC-1', [])).toBe('PYSEC-1: demo 1.0.0');
  });

  it('has one source per record that hit, and the severity of the entry for the package', async () => {
    const severity = [{ type: 'CVSS_V3', score: VECTOR }];
    const affected = (name: string) => ({
      package: { ecosystem: 'npm', name },
      versions: ['1.0.0'],
      severity,
    });
    const records = [
      record('B', [], { affected: [affected('demo')] }),
      record('A', FIXED_IN_1_2, { aliases: ['B', 'C'] }),
      record('C', [{ introduced: '5.0.0' }]),
      record('D', [], { affected: [{ ...affected('demo'), severity: [] }, affected('another')] }),
    ];
    const { findings } = await find([component('npm', 'demo', '1.0.0')], records);
    expect(
      findings.map((finding) => [finding.ruleId, finding.score, finding.sources.map((s) => s.ruleId)]),
    ).toEqual([
      ['A', 9.8, ['A', 'B']],
      ['D', undefined, ['D']],
    ]);
    expect(findings[0]?.message).toBe('demo 1.0.0 is affected by A (<1.2.0), B (lists 1.0.0).');
  });

  it('says what to do', async () => {
    const open = record('O', [{ introduced: '0' }]);
    expect(await tipFor([record('A', [{ introduced: '0' }, { fixed: '2.0.0' }])])).toBe(
      'Upgrade demo to 2.0.0, which may need changes on your side.',
    );
    expect(await tipFor([record('A', FIXED_IN_1_2), open])).toBe(
      'Fixed in 1.2.0, but no fixed version without other advisories is known.',
    );
    expect(await tipFor([open])).toBe('No fixed version is known.');
    expect(await tipFor([record('A', [{ introduced: '0' }, { last_affected: '1.5.0' }])])).toBe(
      'No fixed version is known; last known affected <=1.5.0.',
    );
    expect(await tipFor([record('MAL-1', [{ introduced: '0' }])])).toBe(
      'Remove demo 1.0.0, and treat the machines that installed it as compromised.',
    );
    expect(await tipFor([record('A', FIXED_IN_1_2)], { flags: { bundled: true } })).toBe(
      'Upgrade demo to 1.2.0. It is bundled: upgrade the package that brings it.',
    );
  });

  it('is malware where any record that hit is', async () => {
    const records = [record('GHSA-1', FIXED_IN_1_2), record('MAL-1', FIXED_IN_1_2, { aliases: ['GHSA-1'] })];
    const { findings, rules } = await find([component('npm', 'demo', '1.0.0')], records);
    expect(findings.map(({ kind, detail, severity }) => [kind, detail.kind, severity])).toEqual([
      ['malware', 'malware', 'critical'],
    ]);
    expect(rules[0]).toMatchObject({ kind: 'malware', tags: ['security', 'malware'] });
  });

  it('makes one rule of an anchor that hits two packages', async () => {
    const affected = ['demo', 'twin'].map((name) => ({
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: FIXED_IN_1_2 }],
    }));
    const components = [component('npm', 'twin', '1.0.0'), component('npm', 'demo', '1.0.0')];
    const { findings, rules } = await find(components, [record('GHSA-1', [], { affected })]);
    expect(findings).toHaveLength(2);
    expect(rules.map((rule) => rule.shortDescription)).toEqual(['GHSA-1 in demo, twin']);
  });

  it('says of each package what is affected and where it is fixed', async () => {
    const affected = ['demo', 'twin'].map((name) => ({
      package: { ecosystem: 'npm', name },
      ranges: [{ type: 'SEMVER', events: name === 'demo' ? FIXED_IN_1_2 : [{ introduced: '0' }] }],
    }));
    const listed = { package: { ecosystem: 'npm', name: 'listed' }, versions: ['1.0.0'] };
    const components = ['twin', 'listed', 'demo'].map((name) => component('npm', name, '1.0.0'));
    const { rules } = await find(components, [record('GHSA-1', [], { affected: [...affected, listed] })]);
    expect(rules[0]?.helpMarkdown.replaceAll('\\', '').split('\n').slice(2, 4)).toEqual([
      '- demo: affected <1.2.0, fixed in 1.2.0',
      '- twin: affected *, no fixed version is known',
    ]);
    expect(rules[0]?.helpMarkdown).not.toContain('- listed');
  });

  it('describes a rule in plain words, and keeps the Markdown of the record in its help', async () => {
    const details = '### Impact\nA **long** text about `__init__`\n\n- one [item](https://evil.example)';
    const { rules } = await find(
      [component('npm', 'demo', '1.0.0')],
      [record('GHSA-1', FIXED_IN_1_2, { details })],
    );
    expect(rules[0]?.fullDescription).toBe('Impact: A long text about __init__. one item.');
    expect(rules[0]?.helpMarkdown).toContain(
      '#### Impact\n\nA long text about \\_\\_init\\_\\_\n\n- one item\n\n',
    );
    expect(rules[0]?.helpMarkdown).not.toContain('evil.example');
  });

  it('keeps Markdown, tags and lengths in bounds whatever a record says', async () => {
    const hostile = '](https://evil.example)<img src=x>\n\u001b[31m';
    const cwe_ids = Array.from({ length: 30 }, (_, i) => `CWE-${i}`);
    const details = `${'x'.repeat(2000)}${hostile.repeat(100)}`;
    const summary = `${hostile}${'y'.repeat(5000)}`;
    const fields = { aliases: [hostile], summary, details, database_specific: { cwe_ids } };
    const { rules, findings } = await find(
      [component('npm', 'demo', '1.0.0')],
      [record(`GHSA-${hostile}`, FIXED_IN_1_2, fields)],
    );
    const [rule] = rules;
    expect(rule?.helpMarkdown).not.toMatch(/[^\\](\]\(https:..evil|<img)/);
    expect(rule?.helpUri).toMatch(/^https:\/\/osv\.dev\/vulnerability\/[\w%.~!*'-]+$/);
    expect(rule?.tags).toHaveLength(10);
    expect(rule?.fullDescription).toHaveLength(1000);
    expect(findings[0]?.title.length).toBeLessThan(300);
  });

  it('refuses matches that do not belong to the components', async () => {
    const demo = component('npm', 'demo', '1.0.0');
    const packageRecords = answer([demo], [record('A', FIXED_IN_1_2)]);
    const { matches } = matchComponents([demo], packageRecords);
    const input = {
      matches,
      components: new Map(),
      packageRecords,
      commitRecords: new Map(),
      bodies: new Map(),
      paths: { to: () => [] },
    };
    await expect(vulnerabilityFindings(input)).rejects.toThrow('lock#demo@1.0.0');
  });
});
