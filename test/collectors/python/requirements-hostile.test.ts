// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINES, parseRequirementsFile } from '../../../src/collectors/python/requirements-file.ts';
import { hostileText } from '../../support/hostile.ts';
import { collect, collectOne, names, only } from './collect-requirements.ts';

describe('requirements, hostile and random input', () => {
  it('takes any text and any bytes', async () => {
    const content = fc.oneof(
      hostileText(),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(content, content, async (one, two) => {
        for (const project of await collect({ 'requirements.txt': one, 'requirements/x.txt': two })) {
          expect(project.coverage.length).toBeGreaterThan(0);
          expect(project.components.some((c) => c.ref === project.project.root)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a generated line comes back as it was written', async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?$/);
    const version = fc.stringMatching(
      /^(\d{1,2}!)?\d{1,3}(\.\d{1,3}){0,3}((a|b|rc)\d{1,2})?(\.post\d)?(\.dev\d)?$/,
    );
    const space = fc.constantFrom('', ' ', '\t');
    const marker = fc.constantFrom(
      '',
      'os_name == "nt"',
      '(python_version<"3" and extra == \'x\') or "a" in sys_platform',
    );
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.array(name, { maxLength: 3 }),
        version,
        space,
        marker,
        async (n, extras, v, s, m) => {
          fc.pre(!/\.(zip|tar|tgz|whl|tbz|txz|tlz)$/i.test(n));
          const list = extras.length === 0 ? '' : `[${extras.join(`${s},${s}`)}]`;
          const component = await only(`${n}${s}${list}${s}==${s}${v}${s}${m === '' ? '' : `;${s}${m}`}`);
          expect(component).toMatchObject({
            name: n.toLowerCase().replace(/[-_.]+/g, '-'),
            version: v,
            pinning: 'pinned',
            ...(m === '' ? {} : { marker: m }),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one long word', 'a'.repeat(1_000_000)],
    ['one long URL', `https://h${'/'.repeat(1_000_000)}x`],
    ['blanks before a comment', `a==1${' '.repeat(1_000_000)}#`],
    ['backslashes', '\\'.repeat(1_000_000)],
    ['reasons in a comment', `a==1 # via ${'b,'.repeat(500_000)}`],
  ])('1 MB of %s in a line', async (_, text) => {
    const start = performance.now();
    await collectOne(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each(['# via b\n', '# via\n', '#   b\n', '-r missing.txt\n', '=\n'])('30,000 lines %j', async (line) => {
    const start = performance.now();
    const project = await collectOne(`a==1\n${line.repeat(30_000)}`);
    expect(names(project)).toEqual(['a@1']);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('a file of more lines than any real one is cut off, and says so', () => {
    const statements = parseRequirementsFile(Buffer.from('x\n'.repeat(MAX_LINES + 2)));
    expect(statements).toHaveLength(MAX_LINES + 1);
    expect(statements.at(-1)).toMatchObject({ kind: 'error', line: MAX_LINES + 1 });
  });

  it('a file that names itself in a thousand edges stays small', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `a==${i} # via b\nb==${i} # via a\n`);
    const { dependencies } = await collectOne(lines.join(''));
    expect(dependencies.reduce((sum, node) => sum + node.dependsOn.length, 0)).toBeLessThan(150_000);
  });

  it('names that are keys of every object are only names', async () => {
    expect(names(await collectOne('constructor==1\nhasOwnProperty==2 # via constructor\n'))).toEqual([
      'constructor@1',
      'hasownproperty@2',
    ]);
  });
});
