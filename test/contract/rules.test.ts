// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { STATIC_RULES, staticRules } from '../../src/findings/rules.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const ids = STATIC_RULES.map(({ id }) => id);

it('the ids are API: one that goes or changes is a breaking change', () => {
  expect(ids).toMatchInlineSnapshot(`
    [
      "expired-exception",
      "license-not-allowed",
      "license-reported",
      "unhashed-requirement",
      "unused-exception",
    ]
  `);
});

it('ids are kebab-case and unique', () => {
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

it('a report gets each rule that it names once, sorted, and no other', () => {
  expect(staticRules([...ids].reverse().concat(ids)).map(({ id }) => id)).toEqual([...ids].sort());
  expect(staticRules(['PYSEC-2023-62', ids[0] as string]).map(({ id }) => id)).toEqual([ids[0]]);
});

it.each(STATIC_RULES)('$id is described in docs/rules.md, where its help points to', (rule) => {
  const docs = readFileSync(join(REPO_ROOT, 'docs/rules.md'), 'utf8').replace(/ +\|/g, ' |');
  expect(docs).toContain(`\n## ${rule.id}\n`);
  expect(docs).toContain(`| [${rule.id}](#${rule.id}) | ${rule.kind} | ${rule.defaultSeverity} |`);
  expect(rule.helpUri).toMatch(new RegExp(`/docs/rules\\.md#${rule.id}$`));
});

it('docs/rules.md describes no rule that is none', () => {
  const docs = readFileSync(join(REPO_ROOT, 'docs/rules.md'), 'utf8');
  expect([...docs.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([...ids].sort());
});
