// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { hadolint } from '../../src/scanners/hadolint.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'scanners', 'hadolint');
const json = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8'));
const read = (report: unknown) => {
  const [first, ...more] = hadolint.read(report);
  if (first === undefined || more.length > 0) throw new Error('expected one report');
  return first;
};
const FAILURE = {
  code: 'DL3002',
  column: 1,
  file: 'Dockerfile',
  level: 'warning',
  line: 3,
  message: 'Last USER should not be root',
};

describe('a recorded report', () => {
  it('has as many hits as the raw JSON, and a gap for the file that could not be parsed', () => {
    const raw = json('planted-2.15.json') as { code: string; file: string }[];
    const { hits, gaps } = read(raw);
    const broken = raw.filter(({ code }) => code === 'DL1000');
    expect(hits).toHaveLength(raw.length - broken.length);
    expect(gaps).toEqual(broken.map(({ file }) => ({ path: file, message: 'Hadolint could not parse it' })));
    expect(gaps).toHaveLength(1);
  });

  it('rates rules by the table', () => {
    const { rules, hits } = read(json('planted-2.15.json'));
    expect(Object.fromEntries(rules.map(({ id, severity }) => [id, severity]))).toMatchObject({
      DL3002: 'high',
      DL3064: 'medium',
      DL4000: 'medium',
      DL4006: 'low',
      DL3066: 'info',
      SC2086: 'low',
    });
    expect(rules.find(({ id }) => id === 'SC2086')).toMatchObject({
      title: 'ShellCheck SC2086',
      scoreSource: 'default of plimsoll for Hadolint',
      helpUri: 'https://www.shellcheck.net/wiki/SC2086',
    });
    expect(hits).toContainEqual({
      kind: 'misconfiguration',
      ruleId: 'DL3002',
      place: { path: 'Dockerfile', startLine: 3 },
      message: 'Last USER should not be root',
      confidence: 'high',
      toolSeverity: 'warning',
      control: 'docker-user-not-root',
    });
  });

  it('without findings is believed', () => {
    expect(read(json('clean-2.15.json'))).toMatchObject({ hits: [], gaps: [] });
  });

  it('is recognised as one of Hadolint alone', () => {
    const report = json('planted-2.15.json');
    expect(SCANNERS.filter(({ recognises }) => recognises(report)).map(({ id }) => id)).toEqual(['hadolint']);
  });
});

describe('a failure', () => {
  it('has the severity of its rule, whatever level a configuration gave it', () => {
    const { rules, hits } = read([{ ...FAILURE, level: 'style' }, FAILURE]);
    expect(rules).toMatchObject([{ severity: 'high' }]);
    expect(hits).toMatchObject([{ toolSeverity: 'style' }, { toolSeverity: 'warning' }]);
  });

  it('of ShellCheck does not quote the script', () => {
    const report = read([{ ...FAILURE, code: 'SC2154', message: 'training_secret is referenced' }]);
    expect(JSON.stringify(report)).not.toContain('training_secret');
  });

  it('on Windows has a path with slashes', () => {
    expect(read([{ ...FAILURE, file: 'a\\Dockerfile' }]).hits).toMatchObject([
      { place: { path: 'a/Dockerfile' } },
    ]);
  });

  it('that cannot be read is a gap, and the others stay', () => {
    const { hits, gaps } = read([{ ...FAILURE, line: '3' }, FAILURE]);
    expect(hits).toHaveLength(1);
    expect(gaps).toEqual([{ message: expect.stringMatching(/^report\[0\] cannot be read: at line/) }]);
  });
});

describe('hostile reports', () => {
  it('keep their texts out of links, and their numbers out of lines', () => {
    for (const text of HOSTILE_TEXTS) {
      const { hits, rules } = read([{ ...FAILURE, code: text, file: `../${text}`, line: 1e300 }]);
      expect(hits.map((hit) => 'place' in hit && Object.keys(hit.place))).toEqual([['path']]);
      expect(rules).toMatchObject([{ id: text }]);
      expect(rules[0]).not.toHaveProperty('helpUri');
    }
    expect(read(JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)).gaps).toHaveLength(1);
    expect(read(JSON.parse('[{"__proto__": {"code": "DL3002"}}]')).hits).toEqual([]);
  });

  it('are read or refused, and nothing else', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary', minLength: 1 }).map((code) => ({ ...FAILURE, code })),
      fc
        .dictionary(fc.constantFrom(...Object.keys(FAILURE)), fc.jsonValue())
        .map((change) => ({ ...FAILURE, ...change })),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(entry)), (value) => {
        hadolint.recognises(value);
        try {
          read(value);
        } catch (error) {
          if (!(error instanceof PlimsollError)) throw error;
          expect(error.code).toBe('parse-failed');
        }
      }),
    );
  });
});
