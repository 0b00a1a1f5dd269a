// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitOptions } from '../../../src/collectors/python/requirements-options.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { hostileText } from '../../support/hostile.ts';

const options = (line: string) => Object.fromEntries(splitOptions(line).options);

describe('splitOptions', () => {
  it('R2: splits options off behind the pin, and leaves the marker alone', () => {
    const line =
      'a==1; os_name == "x y" --hash=sha256:aa --hash sha512:bb -C k=v --global-option="--no-user cfg"';
    expect(splitOptions(line).requirement).toBe('a==1; os_name == "x y"');
    expect(options(line)).toEqual({
      hash: ['sha256:aa', 'sha512:bb'],
      'config-settings': ['k=v'],
      'global-option': ['--no-user cfg'],
    });
  });

  it.each([
    ['-rbase.txt', { requirement: ['base.txt'] }],
    ['-r base.txt', { requirement: ['base.txt'] }],
    ['--requirement=base.txt', { requirement: ['base.txt'] }],
    ['--requirement base.txt', { requirement: ['base.txt'] }],
    ['--requirem base.txt', { requirement: ['base.txt'] }],
    ['-c pins.txt', { constraint: ['pins.txt'] }],
    ['-r "a b.txt"', { requirement: ['a b.txt'] }],
    ["-r 'a b.txt' ignored", { requirement: ['a b.txt'] }],
    ['-r a\\ b.txt', { requirement: ['a b.txt'] }],
    ['-r "a\\"\\b"', { requirement: ['a"\\b'] }],
    [
      '--pypi-url https://i.example -fhttps://f.example',
      { 'index-url': ['https://i.example'], 'find-links': ['https://f.example'] },
    ],
    ['--pre --no-index --prefer-binary', { pre: [''], 'no-index': [''], 'prefer-binary': [''] }],
    ['--config a=b', { 'config-settings': ['a=b'] }],
    ['--no-binary :all: --use-feature=fast-deps', { 'no-binary': [':all:'], 'use-feature': ['fast-deps'] }],
    ['-', {}],
    ['-- --unknown', {}],
    ['-r ""', { requirement: [''] }],
  ])('reads %s', (line, expected) => {
    expect(options(line)).toEqual(expected);
  });

  it('takes a hyphen within a word for no option', () => {
    expect(splitOptions('foo-bar==1-1')).toEqual({ requirement: 'foo-bar==1-1', options: new Map() });
  });

  it.each([
    ['--unknown', 'an option of pip, got "--unknown"'],
    ['-z', 'an option of pip, got "-z"'],
    ['--require x', 'an option of pip, got "--require"'],
    ['-r', 'a value after -r, got the end of the line'],
    ['--pre=1', '--pre without a value'],
    ['foo --hash=md5:aa', 'sha256:, sha384: or sha512: and a digest'],
    ['foo -C novalue', 'KEY=VALUE'],
    ['-r "open', 'a closing quotation mark'],
    ["-r 'open", 'a closing quotation mark'],
    ['-r x\\', 'a character after the backslash'],
  ])('rejects %s', (line, expected) => {
    expect(() => splitOptions(line)).toThrow(expected);
  });

  it('never throws anything but a parse error', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        try {
          splitOptions(`x -${text}`);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
    );
  });
});
