// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of pip
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admits,
  exactVersion,
  MAX_LENGTH,
  parseRequirement,
  splitMarker,
} from '../../../src/collectors/python/pep508.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { hostileText } from '../../support/hostile.ts';

const clauses = (text: string) => parseRequirement(`x${text}`).clauses;
const pin = (text: string) => exactVersion(clauses(text));

describe('parseRequirement', () => {
  it.each([
    ['requests', 'requests', [], ''],
    ['requests>=2.8.1,<3', 'requests', [], '>=2.8.1,<3'],
    ['celery[redis, pytest] == 4.4', 'celery', ['redis', 'pytest'], '== 4.4'],
    ['celery [ redis ]==4.4', 'celery', ['redis'], '==4.4'],
    ['name[]', 'name', [], ''],
    ['name (==1.0)', 'name', [], '==1.0'],
    ['name ( >=1.0 , <2 )', 'name', [], '>=1.0 , <2'],
    ['zope.interface~=5.0', 'zope.interface', [], '~=5.0'],
    ['a_>=1,', 'a_', [], '>=1'],
    ['x===whatever', 'x', [], '===whatever'],
  ])('reads %s', (text, name, extras, specifier) => {
    expect(parseRequirement(text)).toMatchObject({ name, extras, specifier });
  });

  it('reads a direct reference, with its marker where pip splits it off', () => {
    expect(parseRequirement('pip @ https://h.example/pip.zip ; python_version < "3"')).toMatchObject({
      name: 'pip',
      url: 'https://h.example/pip.zip',
      marker: 'python_version < "3"',
    });
    expect(parseRequirement('pip@https://h.example/pip.zip;os_name=="nt"').url).toBe(
      'https://h.example/pip.zip',
    );
  });

  it.each([
    '==1.0',
    '=== 1!2.0rc1',
    '!=1.0.*',
    '== v1.0.post1+cu.118',
    '<=1-1',
    '> 1.dev3',
    '~= 1.0a',
    '<1.0.POST2',
  ])('accepts the clause %s', (clause) => {
    expect(parseRequirement(`x${clause}`).specifier).toBe(clause);
  });

  it.each([
    ['', 'a package name'],
    ['_x', 'a package name'],
    ['é', 'a package name'],
    ['x=1', 'a version clause, ";" or the end of the line'],
    ['x y', 'a version clause, ";" or the end of the line'],
    ['x~=1', 'a version clause'],
    ['x>=1.*', 'a version clause'],
    ['x>=1.0+local', 'a version clause'],
    ['x==1.0-custom', 'a version clause'],
    ['x (==1', ')'],
    ['x[a', ']'],
    ['x[a,]', 'the name of an extra'],
    ['x[a b]', '"," or "]"'],
    ['x @', 'a URL'],
    ['x @ https://h.example/x y', 'a version clause'],
    ['x; foo == "1"', 'a marker variable'],
    ['x; python_version', 'a marker operator'],
    ['x; (python_version < "3"', '")"'],
    ['x; python_version < "3" or', 'a marker variable'],
    ['x; python_version < "3")', 'the end of the marker'],
    ['x; os_name == "a" extra == "b"', '"and", "or"'],
  ])('rejects %j: expected %s', (text, expected) => {
    expect(() => parseRequirement(text)).toThrow(expected);
  });

  it('checks a deeply nested marker without recursion', () => {
    const depth = 20_000;
    const nested = `${'('.repeat(depth)}os_name == "nt"${')'.repeat(depth)}`;
    expect(parseRequirement(`x; ${nested}`).marker).toBe(nested);
    expect(() => parseRequirement(`x; ${nested}`.slice(0, -1))).toThrow('expected ")"');
  });

  it('refuses what is longer than any requirement', () => {
    expect(() => parseRequirement(`x==1${'.1'.repeat(MAX_LENGTH)}`)).toThrow(
      `at most ${MAX_LENGTH} characters`,
    );
  });

  it('keeps ${VAR} as written wherever it stands', () => {
    expect(parseRequirement('x[${EXTRA}]>=${MIN},<2; os_name == "${OS}"')).toMatchObject({
      extras: ['${EXTRA}'],
      specifier: '>=${MIN},<2',
      marker: 'os_name == "${OS}"',
    });
    expect(() => parseRequirement('x==${lower}')).toThrow('expected');
  });

  it('never throws anything but a parse error', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostileText(), fc.string({ unit: fc.constantFrom(...'ax1.=<>!~;,[]()@"\' $%{}') })),
        (text) => {
          try {
            parseRequirement(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PlimsollError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('splitMarker', () => {
  it('takes an empty marker for none', () => {
    expect(splitMarker('x ;  ', ';')).toEqual({ head: 'x' });
  });
});

describe('exactVersion', () => {
  it.each([
    ['==1.0', '1.0'],
    ['== 1.0', '1.0'],
    ['===1.0', '1.0'],
    ['===not-a-version', 'not-a-version'],
    ['==1!2.0+cu118', '1!2.0+cu118'],
    ['==1.0,!=1.1', '1.0'],
    ['>=0.9,==1.0', '1.0'],
    ['>=0.9,==1.0rc1', '1.0rc1'],
    ['==1.0,==1.*', '1.0'],
    ['===1.0,<2', '1.0'],
  ])('x%s is pinned to %s', (text, version) => {
    expect(pin(text)).toBe(version);
  });

  it.each([
    '',
    '==1.*',
    '===1.*',
    '===',
    '~=1.0',
    '>=1',
    '<=1',
    '>1',
    '!=1.0',
    '==1.0,!=1.0',
    '==1.0,==2.0',
    '==${V}',
    '==1.0,<${V}',
    '===odd,>1',
  ])('x%s is not pinned', (text) => {
    expect(pin(text)).toBeUndefined();
  });
});

describe('admits', () => {
  it('lets pre-releases through, as a constraint that names one does', () => {
    expect(admits(clauses('>=1.0'), '2.0rc1')).toBe(true);
    expect(admits(clauses('<2.0'), '2.0')).toBe(false);
    expect(admits(clauses('===2.0'), '2.00')).toBe(false);
    expect(admits([], 'anything')).toBe(true);
  });

  it('counts numbers beyond 2^53, zeros left out, and local parts', () => {
    expect(admits(clauses('==20990101000000000001'), '20990101000000000002')).toBe(false);
    expect(admits(clauses('==1.0.*'), '1')).toBe(true);
    expect(admits(clauses('==1.0'), '1.0+cu118')).toBe(true);
    expect(admits(clauses('==1.0+cu118'), '1.0')).toBe(false);
  });
});
