// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { checkov } from '../../src/scanners/checkov.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'scanners', 'checkov');
const json = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8'));
const read = (report: unknown) => {
  const [first, ...more] = checkov.read(report);
  if (first === undefined || more.length > 0) throw new Error('expected one report');
  return first;
};

const CHECK = {
  check_id: 'CKV_DOCKER_8',
  check_name: 'Ensure the last USER is not root',
  check_result: { result: 'FAILED' },
  file_path: '/Dockerfile',
  file_line_range: [3, 3],
  resource: '/Dockerfile.USER',
  severity: null,
  guideline: null,
};
const of = (check_type: string, results: object) => ({
  check_type,
  results: { passed_checks: [], failed_checks: [], skipped_checks: [], parsing_errors: [], ...results },
  summary: { checkov_version: '3.3.30' },
});

describe('recorded reports', () => {
  it.each(['planted-3.3.json', 'one-run-3.3.json'])('%s has as many hits as the raw JSON', (name) => {
    const raw = json(name);
    const runs: { results: Record<string, unknown[]> }[] = Array.isArray(raw) ? raw : [raw];
    const count = (key: string) => runs.reduce((sum, { results }) => sum + (results[key]?.length ?? 0), 0);
    const { hits, gaps, version } = read(raw);
    expect(hits.filter((hit) => !('suppression' in hit))).toHaveLength(count('failed_checks'));
    expect(hits.filter((hit) => 'suppression' in hit)).toHaveLength(count('skipped_checks'));
    expect(gaps).toHaveLength(count('parsing_errors'));
    expect(version).toBe('3.3.30');
  });

  it('tell what was accepted in the file, and what could not be parsed', () => {
    const { hits, gaps, files } = read(json('planted-3.3.json'));
    expect(hits.filter((hit) => 'suppression' in hit)).toMatchObject([
      {
        ruleId: 'CKV_AWS_18',
        place: { path: 'infra/bucket.tf', startLine: 19, endLine: 22 },
        resource: 'aws_s3_bucket.accepted',
        control: 'aws-s3-logging',
        suppression: { kind: 'inSource', reason: 'the logs need no log' },
      },
    ]);
    expect(gaps).toEqual([
      { path: '/work/planted/infra/broken.tf', message: 'Checkov could not parse it (terraform)' },
    ]);
    expect(files).toEqual(['infra/bucket.tf', 'Dockerfile']);
  });

  it('of nothing that Checkov knows is no proof of work', () => {
    expect(read(json('nothing-3.3.json'))).toMatchObject({
      hits: [],
      gaps: [{ message: 'Checkov found no file of a kind that it knows' }],
    });
    expect(read([]).gaps).toHaveLength(1);
  });

  it('are recognised as those of Checkov alone', () => {
    for (const name of ['planted-3.3.json', 'one-run-3.3.json', 'nothing-3.3.json'])
      expect(SCANNERS.filter(({ recognises }) => recognises(json(name))).map(({ id }) => id)).toEqual([
        'checkov',
      ]);
  });
});

describe('a check', () => {
  it('without a severity has that of the table, or the default', () => {
    const more = { ...CHECK, check_id: 'CKV_AZURE_1' };
    const { rules } = read(of('dockerfile', { failed_checks: [CHECK, more] }));
    expect(rules).toMatchObject([
      { id: 'CKV_DOCKER_8', severity: 'high', scoreSource: 'rule table of plimsoll for Checkov' },
      { id: 'CKV_AZURE_1', severity: 'medium', scoreSource: 'default of plimsoll for Checkov' },
    ]);
  });

  it('with a severity of the platform has that one', () => {
    const { rules, hits } = read(of('dockerfile', { failed_checks: [{ ...CHECK, severity: 'LOW' }] }));
    expect(rules).toMatchObject([{ severity: 'low', scoreSource: 'check of Checkov' }]);
    expect(hits).toMatchObject([{ toolSeverity: 'LOW' }]);
  });

  it('for secrets gives the sha1 and the commit of the secret', () => {
    const sha1 = '2838a4c3d1b49fb418b8431756d075cb7e6dd312';
    const secret = { ...CHECK, check_id: 'CKV_SECRET_6', file_line_range: [7, 8] };
    const { hits, rules } = read(
      of('secrets', {
        failed_checks: [
          { ...secret, resource: sha1 },
          { ...secret, resource: `5249cc8b05a1c37f6b2f757b1cf16a509c327122:${sha1}` },
          { ...secret, resource: 'no hash' },
        ],
      }),
    );
    expect(hits.map((hit) => hit.kind === 'secret' && [hit.clue, hit.commit, hit.place])).toEqual([
      [{ sha1 }, undefined, { path: 'Dockerfile', startLine: 7 }],
      [{ sha1 }, '5249cc8b05a1c37f6b2f757b1cf16a509c327122', { path: 'Dockerfile', startLine: 7 }],
      [undefined, undefined, { path: 'Dockerfile', startLine: 7 }],
    ]);
    expect(rules).toMatchObject([{ kind: 'secret', severity: 'high' }]);
  });

  it('that the platform made of packages is told, not read', () => {
    const { hits, gaps } = read([of('sca_package', { failed_checks: [CHECK, CHECK] }), of('sca_image', {})]);
    expect([hits, gaps]).toEqual([[], [{ message: '2 results of the kind sca_package are not read' }]]);
  });

  it('that cannot be read is a gap, and the others stay', () => {
    const { hits, gaps } = read([of('terraform', { failed_checks: [CHECK, { ...CHECK, file_path: 7 }] }), 7]);
    expect(hits).toHaveLength(1);
    expect(gaps).toEqual([
      { message: expect.stringMatching(/^report\[1\]/) },
      { message: expect.stringMatching(/^terraform: failed_checks\[1\] cannot be read: at file_path/) },
    ]);
  });
});

describe('hostile reports', () => {
  it('keep their texts, and their numbers stay out of lines', () => {
    const failed_checks = HOSTILE_TEXTS.map((text) => ({
      ...CHECK,
      check_id: text,
      file_path: `/../../${text}`,
      file_line_range: [1e300, -1],
    }));
    const { hits } = read(of('terraform', { failed_checks }));
    expect(hits).toHaveLength(HOSTILE_TEXTS.length);
    for (const hit of hits) expect('place' in hit && Object.keys(hit.place)).toEqual(['path']);
    const proto = JSON.parse('{"__proto__": {"check_type": "terraform"}, "results": {"__proto__": []}}');
    expect(() => read(proto)).toThrow('expected a report of Checkov');
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    expect(read(deep).gaps).toHaveLength(1);
  });

  it('are read or refused, and nothing else', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc
        .dictionary(fc.constantFrom(...Object.keys(CHECK)), fc.jsonValue())
        .map((change) => ({ ...CHECK, ...change })),
    );
    const run = fc
      .tuple(
        fc.constantFrom('terraform', 'secrets', 'sca_package'),
        fc.dictionary(
          fc.constantFrom('failed_checks', 'skipped_checks', 'passed_checks', 'parsing_errors'),
          fc.oneof(fc.array(entry), fc.jsonValue()),
        ),
      )
      .map(([type, results]) => of(type, results));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), run, fc.array(run)), (value) => {
        checkov.recognises(value);
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
