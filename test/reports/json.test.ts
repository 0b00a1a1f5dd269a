// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonChunks, jsonReporter } from '../../src/reports/json.ts';
import { sampleReport } from '../support/sample-report.ts';

const OPTIONS = { columns: 80, color: false };

describe('json', () => {
  it('prints the report as JSON.stringify would', () => {
    const report = sampleReport();
    expect([...jsonReporter.render(report, OPTIONS)].join('')).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });

  it('is JSON.stringify for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect([...jsonChunks(value)].join('')).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('leaves out undefined members, as JSON.stringify does', () => {
    const value = { a: undefined, b: [{ c: undefined, d: 1 }], e: {}, f: [] };
    expect([...jsonChunks(value)].join('')).toBe(JSON.stringify(value, null, 2));
  });
});
