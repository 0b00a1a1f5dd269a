// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { replacementOf } from '../../src/licenses/deprecated.ts';
import { leavesOf, parseExpression, renderExpression } from '../../src/licenses/expression.ts';
import { listedException, listedLicense } from '../../src/licenses/spdx.ts';

function read(text: string): string {
  const parsed = parseExpression(text);
  return parsed.ok ? renderExpression(parsed.tree) : `${parsed.at}: ${parsed.expected} <> ${parsed.got}`;
}

describe('parseExpression', () => {
  it.each([
    ['MIT', 'MIT'],
    ['mit Or apache-2.0', 'MIT OR Apache-2.0'],
    ['(MIT OR X)', 'MIT OR X'],
    ['((MIT))', 'MIT'],
    ['MIT OR ISC AND 0BSD', 'MIT OR (ISC AND 0BSD)'],
    ['(MIT OR ISC) AND 0BSD', '(MIT OR ISC) AND 0BSD'],
    ['MIT AND (ISC OR (0BSD AND Zlib))', 'MIT AND (ISC OR (0BSD AND Zlib))'],
    ['MIT OR ISC OR 0BSD', 'MIT OR ISC OR 0BSD'],
    ['Apache-2.0+', 'Apache-2.0+'],
    ['GPL-2.0-or-later with classpath-exception-2.0', 'GPL-2.0-or-later WITH Classpath-exception-2.0'],
    ['Apache-2.0 WITH LLVM-exception AND MIT', 'Apache-2.0 WITH LLVM-exception AND MIT'],
    ['licenseref-Mine', 'LicenseRef-Mine'],
    ['DocumentRef-doc:LicenseRef-Mine', 'DocumentRef-doc:LicenseRef-Mine'],
    ['MIT WITH AdditionRef-mine', 'MIT WITH AdditionRef-mine'],
    ['MIT WITH DocumentRef-d:AdditionRef-mine', 'MIT WITH DocumentRef-d:AdditionRef-mine'],
    ['\tMIT\nOR\r\nISC ', 'MIT OR ISC'],
  ])('reads %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['', '0: a licence id or ( <> the end'],
    ['MIT AND', '7: a licence id or ( <> the end'],
    ['AND MIT', '0: a licence id or ( <> "AND"'],
    ['MIT ISC', '4: AND, OR, WITH, ) or the end <> "ISC"'],
    ['(MIT', '4: AND, OR, WITH, ) or the end <> the end'],
    ['MIT)', '3: AND, OR, WITH, ) or the end <> ")"'],
    ['()', '1: a licence id or ( <> ")"'],
    ['MIT WITH', '8: an exception id <> the end'],
    ['(MIT) WITH LLVM-exception', '6: AND, OR, ) or the end <> "WITH"'],
    ['MIT WITH a WITH b', '11: AND, OR, ) or the end <> "WITH"'],
    ['MIT/X11', '0: a licence id or ( <> "MIT/X11"'],
    ['MIT,Apache-2.0', '0: a licence id or ( <> "MIT,Apache-2.0"'],
    ['LicenseRef-a+', '0: a licence id or ( <> "LicenseRef-a+"'],
    ['LicenseRef-', '0: a licence id or ( <> "LicenseRef-"'],
    ['MIT +', '4: AND, OR, WITH, ) or the end <> "+"'],
    ['MIT WITH ＬＬＶＭ', '9: an exception id <> "ＬＬＶＭ"'],
  ])('refuses %j and says where', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(['constructor', '__proto__', 'toString', 'UNKNOWN', 'NONE'])('does not know %s', (word) => {
    const parsed = parseExpression(`MIT OR ${word}`);
    expect(parsed.ok ? leavesOf(parsed.tree).map((leaf) => leaf.known) : word).toEqual(
      word === '__proto__' ? word : [true, false],
    );
  });

  it('cuts what it got, so that a text of a megabyte does not become the message', () => {
    expect(read(`MIT ${'x'.repeat(1_000_000)}`).length).toBeLessThan(100);
  });

  it('never throws, and reads its own output as the same expression', () => {
    const piece = fc.constantFrom(
      'MIT',
      'isc',
      'GPL-2.0+',
      'X',
      'LicenseRef-a',
      '(',
      ')',
      'and',
      'OR',
      'WITH',
      '+',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string())).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseExpression(input);
        if (!parsed.ok) return;
        const again = parseExpression(renderExpression(parsed.tree));
        expect(again.ok && renderExpression(again.tree)).toBe(renderExpression(parsed.tree));
        expect(again.ok && leavesOf(again.tree).length).toBe(leavesOf(parsed.tree).length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('deprecated ids', () => {
  it.each([
    ['GPL-2.0', 'GPL-2.0-only'],
    ['GPL-2.0+', 'GPL-2.0-or-later'],
    ['gpl-3.0', 'GPL-3.0-only'],
    ['AGPL-1.0', 'AGPL-1.0-only'],
    ['GFDL-1.3+', 'GFDL-1.3-or-later'],
    ['GPL-2.0-only+', 'GPL-2.0-only'],
    ['GPL-2.0-or-later+', 'GPL-2.0-or-later'],
    ['GPL-2.0-with-classpath-exception', 'GPL-2.0-only WITH Classpath-exception-2.0'],
    ['GPL-2.0-with-classpath-exception+', 'GPL-2.0-or-later WITH Classpath-exception-2.0'],
    ['GPL-3.0-with-GCC-exception', 'GPL-3.0-only WITH GCC-exception-3.1'],
    ['eCos-2.0', 'GPL-2.0-or-later WITH eCos-exception-2.0'],
    ['wxWindows', 'GPL-2.0-or-later WITH WxWindows-exception-3.1'],
    ['BSD-2-Clause-FreeBSD', 'BSD-2-Clause'],
    ['StandardML-NJ', 'SMLNJ'],
    ['Nunit', 'zlib-acknowledgement'],
    ['bzip2-1.0.5', 'bzip2-1.0.6'],
    ['Net-SNMP', 'Net-SNMP'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('each has a replacement of current words, but for the one that is many licences', () => {
    const none = deprecated.filter((id) => replacementOf(id, false) === undefined);
    expect(none).toEqual(['Net-SNMP']);
    for (const id of deprecated.filter((candidate) => !none.includes(candidate))) {
      for (const orLater of [false, true]) {
        const { id: now, exception } = replacementOf(id, orLater) ?? { id: '' };
        expect(current).toContain(now);
        expect(exception === undefined || listedException(exception) === exception).toBe(true);
      }
    }
  });

  it('a current id has none', () => {
    expect(current.filter((id) => replacementOf(id, false) !== undefined)).toEqual([]);
  });

  it('does not take a second exception', () => {
    const parsed = parseExpression('eCos-2.0 WITH LLVM-exception');
    expect(parsed.ok && leavesOf(parsed.tree)[0]?.known).toBe(false);
  });
});

describe('the lists', () => {
  it('tell ids apart by more than case', () => {
    const ids = [...current, ...deprecated];
    expect(ids.filter((id) => listedLicense(id.toUpperCase()) !== id)).toEqual([]);
  });

  it('know every exception that the packages at hand know', async () => {
    // Not a dependency of this package: it comes with spdx-satisfies.
    const { createRequire } = await import('node:module');
    const require = createRequire(import.meta.url);
    const known: string[] = createRequire(require.resolve('spdx-satisfies'))('spdx-exceptions');
    const listed: string[] = createRequire(require.resolve('@cyclonedx/cyclonedx-library/package.json'))(
      './res/schema/spdx.SNAPSHOT.schema.json',
    ).enum;
    const exceptions = listed.filter((id) => listedLicense(id) === undefined && !id.endsWith('+'));
    expect([...known, ...exceptions].filter((id) => listedException(id) !== id)).toEqual([]);
    expect(exceptions.length).toBeGreaterThan(60);
  });
});
