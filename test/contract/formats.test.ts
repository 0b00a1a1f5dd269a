// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/cli/formats.ts';
import { REPORTERS } from '../../src/reports/index.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';

describe('formats', () => {
  it('of scan are those that render a report, and the SBOM', () => {
    expect(FORMATS.scan).toEqual([...REPORTERS.map(({ format }) => format), 'cyclonedx']);
  });

  it.each(FORMATS.scan)('%s can be asked for', (format) => {
    const run = plimsoll(['scan', STOREFRONT, '--advisories', 'bundled', '-f', format]);
    expect([run.status, run.stdout.length > 0]).toEqual([1, true]);
  });
});

describe('standard error', () => {
  const scan = (...options: string[]) =>
    plimsoll(['scan', STOREFRONT, '--advisories', 'bundled', ...options]);

  it('says with --verbose what was read', () => {
    expect(scan('--verbose').stderr).toMatch(
      /^poetry-lock api\/poetry\.lock: succeeded, 25 of 25 packages$/m,
    );
  });

  it('is empty otherwise, and with --quiet', () => {
    expect([scan().stderr, scan('--quiet').stderr, scan('--quiet', '--verbose').stderr]).toEqual([
      '',
      '',
      '',
    ]);
  });

  it('keeps errors with --quiet', () => {
    expect(plimsoll(['scan', '/nonexistent', '--quiet']).stderr).toMatch(/^error: /);
  });
});
