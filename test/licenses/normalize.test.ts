// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { licenseNames, namedLicense } from '../../src/licenses/aliases.ts';
import { normalizeLicense } from '../../src/licenses/normalize.ts';

describe('normalizeLicense', () => {
  it.each([
    ['MIT', 'MIT', 'high'],
    [' mit\n', 'MIT', 'high'],
    ['(MIT OR CC0-1.0)', 'MIT OR CC0-1.0', 'high'],
    ['MIT and isc', 'MIT AND ISC', 'high'],
    ['GPL-3.0', 'GPL-3.0-only', 'high'],
    ['LicenseRef-Acme', 'LicenseRef-Acme', 'high'],
    ['Apache License 2.0', 'Apache-2.0', 'medium'],
    ['Apache License, Version 2.0', 'Apache-2.0', 'medium'],
    ['Apache 2.0', 'Apache-2.0', 'medium'],
    ['ASL 2.0', 'Apache-2.0', 'medium'],
    ['MIT License', 'MIT', 'medium'],
    ['The MIT License (MIT)', 'MIT', 'medium'],
    ['Expat', 'MIT', 'medium'],
    ['BSD 3-Clause', 'BSD-3-Clause', 'medium'],
    ['BSD 3-Clause "New" or "Revised" License', 'BSD-3-Clause', 'medium'],
    ['ISC License', 'ISC', 'medium'],
    ['ISCL', 'ISC', 'medium'],
    ['Mozilla Public License 2.0', 'MPL-2.0', 'medium'],
    ['Mozilla Public License 2.0 (MPL 2.0)', 'MPL-2.0', 'medium'],
    ['GPLv3+', 'GPL-3.0-or-later', 'medium'],
    ['GNU General Public License v2 or later (GPLv2+)', 'GPL-2.0-or-later', 'medium'],
    ['The Unlicense', 'Unlicense', 'medium'],
    ['Elastic License 2.0', 'Elastic-2.0', 'medium'],
  ])('%j is %s, %s', (raw, expression, confidence) => {
    expect(normalizeLicense(raw)).toMatchObject({ expression, confidence });
  });

  it.each([
    ['', 'no licence is stated'],
    ['  ', 'no licence is stated'],
    ['NONE', '"NONE": no licence is stated'],
    ['NOASSERTION', '"NOASSERTION": no licence is stated'],
    ['UNLICENSED', '"UNLICENSED": no rights are granted'],
    ['Unlicensed', '"Unlicensed": no rights are granted'],
    ['SEE LICENSE IN LICENSE.md', '"SEE LICENSE IN LICENSE.md": the licence is in a file'],
    ['BSD', '"BSD": it could be BSD-2-Clause, BSD-3-Clause or another'],
    ['BSD License', '"BSD License": it could be BSD-2-Clause, BSD-3-Clause or another'],
    ['GPL', '"GPL": it names no version'],
    ['LGPL', '"LGPL": it names no version'],
    ['Apache', '"Apache": it names no version'],
    ['GPLv2', '"GPLv2": it does not say whether later versions are granted'],
    ['GNU GPL', 'column 5: expected AND, OR, WITH, ) or the end, got "GPL"'],
    ['BSL', '"BSL": it could be BSL-1.0 (Boost) or BUSL-1.1 (Business Source)'],
    ['Public Domain', '"Public Domain": no text says so in every country; CC0-1.0 and Unlicense do'],
    ['MIT/X11', 'column 1: expected a licence id or (, got "MIT/X11"'],
    ['MIT,Apache', 'column 1: expected a licence id or (, got "MIT,Apache"'],
    ['MIT OR Foo', '"Foo" is not an SPDX id'],
    ['Apache-2.0 WITH Commons-Clause', '"Commons-Clause" is not an SPDX id'],
    ['PERMITTED FOR RESEARCH', 'column 11: expected AND, OR, WITH, ) or the end, got "FOR"'],
    ['COMMONS CLAUSE + MIT', 'column 9: expected AND, OR, WITH, ) or the end, got "CLAUSE"'],
    ['MIT License\n\nCopyright (c)\n\nPermission is', 'it is a text, not a name'],
    [`MIT License ${'x '.repeat(100)}`, 'it is a text, not a name'],
  ])('%j stays unknown', (raw, note) => {
    expect(normalizeLicense(raw)).toEqual({ confidence: 'low', notes: [note] });
  });

  it('says what it read for a deprecated id', () => {
    expect(normalizeLicense('GPL-2.0+ OR eCos-2.0').notes).toEqual([
      'GPL-2.0+ is deprecated: read as GPL-2.0-or-later',
      'eCos-2.0 is deprecated: read as GPL-2.0-or-later WITH eCos-exception-2.0',
    ]);
  });

  it('keeps the note short, whatever the word', () => {
    expect(normalizeLicense('x'.repeat(1_000_000)).notes[0]?.length).toBeLessThan(100);
  });

  it('reads an expression of any length', () => {
    const long = Array(100).fill('BSD-3-Clause').join(' AND ');
    expect(normalizeLicense(long).expression).toBe(long);
  });

  it('never throws, and finds its own result again', () => {
    const words = fc.array(
      fc.constantFrom('the', 'MIT', 'License', 'v2', 'GPL', 'or', 'later', 'BSD', '(', '\n'),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      words.map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const { expression, confidence, notes } = normalizeLicense(raw);
        if (expression === undefined) expect([confidence, notes.length]).toEqual(['low', 1]);
        else expect(normalizeLicense(expression)).toEqual({ expression, confidence: 'high', notes: [] });
      }),
      { numRuns: 300 },
    );
  });
});

describe('no grant is ever widened', () => {
  it('no name becomes an or-later that does not say so, and each id is current', () => {
    for (const [name, id] of licenseNames()) {
      expect(current).toContain(id);
      expect([name, id.endsWith('-or-later')]).toEqual([name, /later|\+/.test(name)]);
      expect([name, id.endsWith('-only')]).toEqual([name, /only/.test(name)]);
    }
  });

  it('no name holds a version that its id does not', () => {
    for (const [name, id] of licenseNames()) {
      const version = /\d+(?:\.\d+)+/.exec(name)?.[0];
      if (version !== undefined) expect([name, id]).toEqual([name, expect.stringContaining(version)]);
    }
  });

  it('no name hides an SPDX id of another licence', () => {
    const hidden = [...current, ...deprecated].filter((id) => {
      const named = namedLicense(id);
      return named !== undefined && named !== id;
    });
    expect(hidden).toEqual([]);
  });

  it('no id gains an or-later or loses an operand', () => {
    const ids = fc.constantFrom(...current, ...deprecated);
    fc.assert(
      fc.property(ids, ids, fc.constantFrom(' AND ', ' OR '), (a, b, operator) => {
        const { expression = '' } = normalizeLicense(`${a}${operator}${b}`);
        const parts = expression.split(operator);
        expect(parts).toHaveLength(2);
        for (const [i, id] of [a, b].entries()) {
          // Their texts grant later versions themselves.
          if (id === 'eCos-2.0' || id === 'wxWindows') continue;
          expect([id, parts[i]?.includes('-or-later')]).toEqual([id, id.endsWith('-or-later')]);
        }
      }),
    );
  });
});
