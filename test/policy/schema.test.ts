// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { POLICY_SCHEMA_URL, policyFileSchema, policyJsonSchema } from '../../src/policy/schema.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { load, POLICY_TEXT } from './support.ts';

const read = (path: string) => readFileSync(join(REPO_ROOT, path), 'utf8');
const docs = read('docs/policy.md');
const examples = [...docs.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '');

function validator() {
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  return ajv.compile(JSON.parse(read('schemas/policy.schema.json')));
}

describe('schemas/policy.schema.json', () => {
  it('is what the source makes (else run: node scripts/schemas.mjs)', () => {
    expect(`${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`).toBe(read('schemas/policy.schema.json'));
  });

  it.each([
    ...Object.entries(POLICY_TEXT),
    ...examples.map((text, index): [string, string] => [`example ${index + 1} of docs/policy.md`, text]),
  ])('accepts %s', (_, text) => {
    const validate = validator();
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each([
    ['an unknown key', { advisories: { max: 1 } }],
    ['a wrong word', { licenses: { unknown: 'fail' } }],
    ['a missing reason', { exceptions: [{ id: 'A' }] }],
    ['a wrong duration', { advisories: { maxAge: { warn: 'soon' } } }],
  ])('refuses %s', (_, data) => {
    expect(validator()(data)).toBe(false);
  });

  it('accepts all that plimsoll accepts', () => {
    const validate = validator();
    const word = fc.constantFrom('fail', 'warn', 'ignore', 'incomplete', 'high', 'never', '24h', 'MIT', '');
    const section = fc.dictionary(
      fc.constantFrom('fail', 'warn', 'unpinned', 'allow', 'unknown', 'grace'),
      fc.oneof(word, fc.array(word)),
    );
    const names = fc.constantFrom('advisories', 'dependencies', 'licenses', 'secrets', 'code', 'version');
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(section, fc.constant(1)), { maxKeys: 2 }), (data) => {
        if (policyFileSchema.safeParse(data).success) expect(validate(data)).toBe(true);
      }),
    );
  });
});

describe('the shipped policies', () => {
  it.each(Object.entries(POLICY_TEXT))('%s names the schema in its first line', (_, text) => {
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${POLICY_SCHEMA_URL}`);
  });

  it.each(Object.entries(POLICY_TEXT))('%s has every key, with a comment or a shared one', (_, text) => {
    const data = parse(text);
    const missing: string[] = [];
    const walk = (schema: Record<string, unknown>, value: unknown, path: string) => {
      const properties = (schema.properties ?? {}) as Record<string, Record<string, unknown>>;
      for (const [key, inner] of Object.entries(properties)) {
        if (['$schema', 'extends', 'grace'].includes(key)) continue;
        const child = (value as Record<string, unknown> | undefined)?.[key];
        if (child === undefined) missing.push(`${path}${key}`);
        else walk(inner, child, `${path}${key}.`);
      }
    };
    walk(policyJsonSchema(), data, '');
    expect(missing).toEqual([]);
  });
});

describe('docs/policy.md', () => {
  it.each(examples.map((text, index) => [index + 1, text] as const))('example %i loads', async (_, text) => {
    expect((await load(text)).files[0]).toBe('plimsoll.yaml');
  });

  it('has examples and names every key of the schema', () => {
    expect(examples.length).toBeGreaterThanOrEqual(4);
    const keys = new Set<string>();
    JSON.stringify(policyJsonSchema(), (key, value) => {
      if (key === 'properties') for (const name of Object.keys(value)) keys.add(name);
      return value;
    });
    const severities = new Set(['critical', 'high', 'medium', 'low', 'info']);
    const unnamed = [...keys].filter(
      (key) => !severities.has(key) && !new RegExp(`\\b${key.replace('$', '')}\\b`).test(docs),
    );
    expect(unnamed).toEqual([]);
  });
});
