// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import type { Log, Run } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import { sarifDocument } from '../../../src/reports/sarif/build.ts';
import { lintSarif } from '../../../src/reports/sarif/lint.ts';
import { partOf, partsNeeded } from '../../../src/reports/sarif/parts.ts';
import { SARIF_LIMITS, type SarifProfile } from '../../../src/reports/sarif/profiles.ts';
import { leftOutText } from '../../../src/reports/sarif/run.ts';
import { manyFindings } from '../../support/many-findings.ts';

function written(report: Report, profile: SarifProfile = 'github', ownRun = false) {
  const document = sarifDocument(report, { profile, ownRun: ownRun ? 'always' : 'with-results' });
  const text = [...document.chunks()].join('');
  const { runs } = JSON.parse(text) as Log;
  return { document, text, runs, notes: document.leftOut.map((each) => leftOutText(each, profile)) };
}

const idsOf = (runs: readonly Run[]) => runs.map(({ automationDetails }) => automationDetails?.id);
const sizesOf = (runs: readonly Run[]) => runs.map(({ results }) => results?.length ?? 0);
const fingerprintsOf = ({ results }: Run) =>
  (results ?? []).map(({ partialFingerprints }) => partialFingerprints?.['plimsoll/v1'] ?? '');
const notificationsOf = ({ invocations }: Run) => invocations?.[0]?.toolExecutionNotifications ?? [];

/** Where each result stands, by fingerprint. */
function placesOf(report: Report): Map<string, string> {
  const { runs } = written(report);
  return new Map(
    runs.flatMap((run) => fingerprintsOf(run).map((each) => [each, run.automationDetails?.id ?? ''])),
  );
}

describe('the limits', () => {
  it('name a source each, keep no more than they take, and are those of each profile', () => {
    for (const { categories, ...limits } of Object.values(SARIF_LIMITS)) {
      for (const { max, shown = max, source } of Object.values(limits)) {
        expect(source).toMatch(/^https:\/\//);
        expect(shown).toBeLessThanOrEqual(max);
      }
      expect(typeof categories).toBe('boolean');
    }
  });
});

describe('a run with more results than are kept', () => {
  it('is split into parts with categories of their own, without any loss', () => {
    const { runs, notes } = written(manyFindings({ counts: { high: 12_001 } }));
    expect(notes).toEqual([]);
    expect(idsOf(runs)).toEqual([
      'plimsoll/bandit/root/',
      'plimsoll/bandit/root/2/',
      'plimsoll/bandit/root/3/',
      'plimsoll/bandit/root/4/',
    ]);
    expect(Math.max(...sizesOf(runs))).toBeLessThanOrEqual(5000);
    // The last is for those that were there before.
    expect(sizesOf(runs).at(-1)).toBe(0);
    expect(new Set(runs.flatMap(fingerprintsOf)).size).toBe(12_001);
    expect(lintSarif({ version: '2.1.0', runs })).toEqual([]);
  });

  it('keeps a result where it is when others come and go, and when the order is another', () => {
    const report = manyFindings({ counts: { high: 12_000 } });
    const before = placesOf(report);
    const fewer = {
      ...report,
      findings: report.findings.filter((_, i) => i % 40 !== 0).toReversed(),
      verdict: {
        ...report.verdict,
        decisions: report.verdict.decisions.filter((_, i) => i % 40 !== 0).toReversed(),
      },
    };
    const after = placesOf(fewer);
    expect(after.size).toBe(11_700);
    for (const [fingerprint, place] of after) expect(place).toBe(before.get(fingerprint));
  });

  it('gives a part more its share from all others, which give nothing to one another', () => {
    const fingerprints = manyFindings({ counts: { high: 6000 } }).findings.map((each) => each.fingerprint);
    for (const parts of [1, 2, 5, 19]) {
      const moved = fingerprints.filter((each) => partOf(each, parts) !== partOf(each, parts + 1));
      expect(new Set(moved.map((each) => partOf(each, parts + 1)))).toEqual(new Set([parts]));
      expect(moved.length / 6000).toBeCloseTo(1 / (parts + 1), 1);
    }
  });

  it('needs as few parts as hold it, and takes no more than there are', () => {
    const fingerprints = manyFindings({ counts: { high: 900 } }).findings.map((each) => each.fingerprint);
    expect(partsNeeded([], 100, 20)).toBe(1);
    expect(partsNeeded(fingerprints, 900, 20)).toBe(1);
    expect(partsNeeded(fingerprints, 899, 20)).toBe(2);
    expect(partsNeeded(fingerprints, 100, 3)).toBe(3);
    const parts = partsNeeded(fingerprints, 100, 20);
    expect(parts).toBeGreaterThan(9);
    expect(parts).toBeLessThan(15);
  });

  it.each([
    [2500, 1],
    [2501, 2],
    [5000, 2],
  ])('of %i results has %i runs: an empty one closes what a second part had', (count, expected) => {
    const { runs } = written(manyFindings({ counts: { low: count } }));
    expect(sizesOf(runs)).toEqual([count, ...new Array(expected - 1).fill(0)]);
  });

  it('keeps the worst where the file takes no more runs, and says how many of what it left out', () => {
    const { runs, notes } = written(manyFindings({ counts: { high: 60_000, low: 60_000 } }));
    expect(runs.length).toBe(20);
    expect(sizesOf(runs)).toEqual(new Array(20).fill(5000));
    const levels = runs.flatMap(({ results }) => results ?? []).map(({ properties }) => properties?.severity);
    expect(levels.filter((each) => each === 'high').length).toBe(60_000);
    expect(notes).toEqual([
      'bandit: 20000 results are left out (20000 low): github keeps 5000 in a run and takes 20 runs in a file',
    ]);
    const [first, ...others] = runs;
    expect(notificationsOf(first!)).toEqual([
      {
        level: 'warning',
        message: { text: notes[0] },
        descriptor: { id: 'limit' },
        properties: { leftOut: { low: 20_000 }, limit: 'results' },
      },
    ]);
    expect(others.flatMap(notificationsOf)).toEqual([]);
  }, 60_000);

  it('keeps the results of as many rules as a run takes, and says what the others had', () => {
    const fields = (number: number) => ({ ruleId: `B${number}` });
    const { runs, notes } = written(manyFindings({ counts: { high: 25_001 }, fields }));
    const rules = runs.flatMap((run) => run.tool.driver.rules ?? []).map(({ id }) => id);
    expect(new Set(rules).size).toBe(25_000);
    expect(rules).not.toContain('B25000');
    expect(runs.flatMap(fingerprintsOf)).toHaveLength(25_000);
    expect(notes).toEqual(['bandit: 1 result is left out (1 high): github takes 25000 rules in a run']);
  });

  it('has one run at Azure DevOps, where a tool has no categories', () => {
    const { runs, notes } = written(manyFindings({ counts: { high: 4000, medium: 3000 } }), 'azure');
    expect(sizesOf(runs)).toEqual([5000]);
    expect(notes).toEqual([
      'bandit: 2000 results are left out (2000 medium): azure keeps 5000 in a run and takes one run of a tool',
    ]);
  });

  it('is whole in an archive', () => {
    const { runs, notes } = written(manyFindings({ counts: { high: 6000 } }), 'archive');
    expect([sizesOf(runs.filter(({ results }) => results?.length)), notes]).toEqual([[6000], []]);
  });
});

describe('a file with more than it takes', () => {
  it.each([
    ['github', 20],
    ['ghes', 15],
    ['azure', 20],
  ] as const)('has the runs with the worst results, for %s', (profile, max) => {
    const tools = Array.from({ length: 23 }, (_, i) => ({
      tool: `tool-${String(i).padStart(2, '0')}`,
      counts: i === 22 ? { critical: 1 } : { low: 2 },
    }));
    const { runs, notes } = written(manyFindings(...tools), profile);
    expect(runs.length).toBe(max);
    expect(runs.map(({ tool }) => tool.driver.name)).toContain('tool-22');
    expect(notes.length).toBe(23 - max);
    expect(notes[0]).toMatch(
      new RegExp(`^tool-\\d\\d: 2 results are left out \\(2 low\\): ${profile} takes ${max} runs in a file$`),
    );
    // What has no run is told of in the first.
    expect(notificationsOf(runs[0]!).map(({ message }) => message.text)).toEqual(notes);
  });

  it('has no more bytes than are taken, without the mildest', () => {
    // Texts that do not compress.
    const noise = (i: number) => {
      let state = i + 1;
      const next = () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return (state >>> 8).toString(36);
      };
      return Array.from({ length: 800 }, next).join('');
    };
    const { text, notes, runs } = written(
      manyFindings({ counts: { high: 2000, low: 3000 }, fields: (i) => ({ message: noise(i) }) }),
    );
    const size = gzipSync(text).length;
    expect(size).toBeLessThanOrEqual(10_000_000);
    expect(size).toBeGreaterThan(8_000_000);
    const kept = sizesOf(runs).reduce((a, b) => a + b, 0);
    expect(kept).toBeGreaterThan(2000);
    expect(notes).toEqual([
      `bandit: ${5000 - kept} results are left out (${5000 - kept} low): github takes 10 MB in a compressed file`,
    ]);
  }, 60_000);
});

describe('a result that would be refused', () => {
  const bad = manyFindings({
    counts: { high: 3 },
    fields: (i) => (i === 1 ? { locations: [{ uri: 'a.py', startLine: 9, endLine: 3 }] } : {}),
  });

  it.each(['github', 'ghes', 'azure'] as const)('is left out for %s and told of', (profile) => {
    const { document, runs } = written(bad, profile);
    const [run] = runs;
    expect(sizesOf(runs)).toEqual([2]);
    expect(document.quarantined()).toMatchObject([
      {
        ruleId: 'B1',
        place: 'a.py:9',
        reason: expect.stringMatching(/^region-reversed: expected .*, got 3/),
      },
    ]);
    expect(notificationsOf(run!)).toMatchObject([
      {
        level: 'warning',
        descriptor: { id: 'quarantine' },
        message: { text: expect.stringMatching(/^a result of B1 at a\.py:9 is left out: region-reversed/) },
      },
    ]);
    const errors = lintSarif({ version: '2.1.0', runs }).filter(({ level }) => level === 'error');
    expect(errors).toEqual([]);
  });

  it('is told of once, however often the file is written', () => {
    const document = sarifDocument(bad, { profile: 'github' });
    const texts = [1, 2].map(() => [...document.chunks()].join(''));
    expect(texts[0]).toBe(texts[1]);
    expect(document.quarantined().length).toBe(1);
  });

  it('goes with its rule, where it is the rule', () => {
    const report = manyFindings({ counts: { high: 2 }, fields: (i) => (i === 0 ? { ruleId: ' ' } : {}) });
    const { document, runs } = written(report);
    expect(runs[0]?.tool.driver.rules?.map(({ id }) => id)).toEqual(['B1']);
    expect(document.quarantined().map(({ reason }) => reason)).toEqual(['its rule is refused']);
  });

  it('stands in the archive', () => {
    const { document, runs } = written(bad, 'archive');
    expect(sizesOf(runs.slice(-1))).toEqual([3]);
    expect(document.quarantined()).toEqual([]);
  });
});
