// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { REPORTERS } from '../../src/reports/index.ts';
import type { RenderOptions, Reporter } from '../../src/reports/reporter.ts';
import { HOSTILE_TEXTS, hostileText } from '../support/hostile.ts';
import { completeReport, emptyReport, sampleReport } from '../support/sample-report.ts';

const PLAIN: RenderOptions = { columns: 80, color: false };
const OPTIONS: readonly RenderOptions[] = [
  PLAIN,
  { columns: 120, color: true },
  { columns: 1, color: false },
  { columns: Number.NaN, color: true },
];

function render(reporter: Reporter, report: Report, options: RenderOptions = PLAIN): string {
  return [...reporter.render(report, options)].join('');
}

/** Freezes a value and all in it, so that whoever writes to it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

describe('the list of reporters', () => {
  it('has unique ids in kebab-case, the console first', () => {
    const ids = REPORTERS.map(({ format }) => format);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(ids[0]).toBe('console');
  });
});

describe.each(REPORTERS.map((reporter) => [reporter.format, reporter] as const))('%s', (_, reporter) => {
  // SARIF leaves out what is not complete.
  const sample = reporter.format === 'sarif' ? completeReport : sampleReport;

  it.each([
    ['the empty report', emptyReport],
    ['the sample', sample],
  ])('renders %s, ended by one line feed', (_, make) => {
    for (const options of OPTIONS) {
      const text = render(reporter, make(), options);
      expect(text).toMatch(/\S\n$/);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it('tells one report from another', () => {
    const texts = [emptyReport(), sample(), sample({ text: 'other' })].map((r) => render(reporter, r));
    expect(new Set(texts).size).toBe(3);
  });

  it('gives the same text for the same report, which it leaves as it is', () => {
    const report = frozen(sample());
    const before = JSON.stringify(report);
    for (const options of OPTIONS) {
      expect(render(reporter, report, options)).toBe(render(reporter, sample(), options));
    }
    expect(JSON.stringify(report)).toBe(before);
  });

  it('can be stopped at any chunk', () => {
    const [first] = reporter.render(sample(), PLAIN);
    expect(render(reporter, sample()).startsWith(first ?? '')).toBe(true);
  });

  it.each(HOSTILE_TEXTS)('does not throw for %j', (text) => {
    const rendered = render(reporter, sample({ name: text, version: text, path: text, text }));
    expect(rendered).toMatch(/\S\n$/);
    expect(rendered.isWellFormed()).toBe(true);
  });

  it('does not throw for any text', () => {
    fc.assert(
      fc.property(hostileText(), fc.nat({ max: 200 }), fc.boolean(), (text, columns, color) => {
        const report = sample({ name: text, version: text, path: `${text}x`, text });
        const rendered = render(reporter, report, { columns, color });
        expect(rendered.endsWith('\n')).toBe(true);
        // JSON escapes its controls; in text for people, colours are the only ones.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(rendered.replace(/\u001b\[[0-9;]*m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      }),
      { numRuns: 50 },
    );
  });
});
