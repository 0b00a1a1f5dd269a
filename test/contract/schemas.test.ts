// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../../src/model/report.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';
import { sampleReport } from '../support/sample-report.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const SCHEMA: JsonObject = JSON.parse(readFileSync(join(REPO_ROOT, 'schemas/report.schema.json'), 'utf8'));
const DEFINITIONS = SCHEMA.definitions as JsonObject;

function validator(schema: JsonObject) {
  return new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
}

/** The schema with every object closed, which the published one is not. */
function closed(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === 'object' && value.properties ? { ...value, additionalProperties: false } : value,
  );
}

it('the published schemas are what the source makes (else run: npm run schemas)', () => {
  execFileSync(process.execPath, [join(REPO_ROOT, 'scripts/schemas.mjs'), '--check'], { stdio: 'pipe' });
});

describe('schemas/report.schema.json', () => {
  let storefront: JsonObject;
  let reports: JsonObject[];
  beforeAll(() => {
    storefront = JSON.parse(plimsoll(['scan', STOREFRONT, '--advisories', 'bundled', '--json']).stdout);
    const nothing = JSON.parse(plimsoll(['scan', join(REPO_ROOT, 'policies'), '--json']).stdout);
    reports = [storefront, nothing, JSON.parse(JSON.stringify(sampleReport()))];
  });

  it('names its version and leaves every object open, since new keys are additive', () => {
    expect(SCHEMA.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect((SCHEMA.properties as JsonObject).schemaVersion).toEqual({
      type: 'string',
      const: SCHEMA_VERSION,
    });
    expect(JSON.stringify(SCHEMA)).not.toContain('additionalProperties');
  });

  it('accepts the reports of the program, a new key included', () => {
    const validate = validator(SCHEMA);
    for (const report of [...reports, { ...storefront, later: 1 }]) {
      validate(report);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('documents every key of them', () => {
    const validate = validator(closed(SCHEMA));
    for (const report of reports) {
      validate(report);
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(validate({ ...storefront, later: 1 })).toBe(false);
  });

  it('rejects a report that lacks any one of its required keys', () => {
    const validate = validator(SCHEMA);
    const places = requiredPlaces(storefront);
    expect(places.size).toBeGreaterThan(80);
    const accepted = [...places.values()].filter(({ holder, key }) => {
      const { [key]: taken } = holder;
      delete holder[key];
      const valid = validate(storefront);
      holder[key] = taken as Json;
      return valid;
    });
    expect(accepted.map(({ place }) => place)).toEqual([]);
  });

  it.each([
    ['another version', (r: JsonObject) => ({ ...r, schemaVersion: '9.0' })],
    ['a list that is none', (r: JsonObject) => ({ ...r, findings: {} })],
    [
      'an unknown verdict',
      (r: JsonObject) => ({ ...r, verdict: { ...(r.verdict as JsonObject), result: 'ok' } }),
    ],
    ['nothing', () => null],
  ])('rejects %s', (_, change) => {
    expect(validator(SCHEMA)(change(storefront))).toBe(false);
  });
});

/** One place in the report for each required key of each part of the schema that the report has. */
function requiredPlaces(report: JsonObject) {
  const places = new Map<string, { place: string; holder: JsonObject; key: string }>();
  const pending: { schema: JsonObject; value: Json | undefined; place: string }[] = [
    { schema: SCHEMA, value: report, place: '' },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, place } = next;
    const schema = resolve(next.schema, value);
    if (Array.isArray(value)) {
      for (const item of value)
        pending.push({ schema: schema.items as JsonObject, value: item, place: `${place}[]` });
    } else if (typeof value === 'object' && value !== null) {
      for (const key of (schema.required ?? []) as string[])
        places.set(`${place}.${key}`, { place: `${place}.${key}`, holder: value, key });
      for (const [key, inner] of Object.entries((schema.properties ?? {}) as Record<string, JsonObject>))
        if (Object.hasOwn(value, key))
          pending.push({ schema: inner, value: value[key], place: `${place}.${key}` });
    }
  }
  return places;
}

/** Follows a reference, and takes the branch of a union whose `kind` is that of the value. */
function resolve(schema: JsonObject, value: Json | undefined): JsonObject {
  if (typeof schema.$ref === 'string')
    return resolve(DEFINITIONS[schema.$ref.replace('#/definitions/', '')] as JsonObject, value);
  if (!Array.isArray(schema.anyOf)) return schema;
  const kind = (value as JsonObject).kind as string;
  const branches = schema.anyOf.map((branch) => resolve(branch as JsonObject, value));
  const branch = branches.find(({ properties }) =>
    JSON.stringify((properties as JsonObject).kind).includes(`"${kind}"`),
  );
  if (branch === undefined) throw new Error(`no branch for kind ${kind}`);
  return branch;
}
