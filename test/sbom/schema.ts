// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

/** The official schema of CycloneDX 1.6, which comes with the library. */
export function cycloneDxErrors(document: unknown): readonly string[] {
  validate ??= compile();
  return validate(document) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}

/** RFC 3987 is RFC 3986 with more letters. */
export function isIriReference(text: string): boolean {
  iri ??= compileIri();
  return iri(text.replace(/\P{ASCII}/gu, (c) => encodeURIComponent(c)));
}

let validate: ReturnType<Ajv['compile']> | undefined;
let iri: ((text: string) => boolean) | undefined;

function compile(): ReturnType<Ajv['compile']> {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');
  const folder = join(dirname(library), 'res', 'schema');
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addFormat('iri-reference', isIriReference);
  ajv.addFormat('idn-email', true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const file = `${name}.SNAPSHOT.schema.json`;
    ajv.addSchema(read(file), `http://cyclonedx.org/schema/${file}`);
  }
  return ajv.compile(read('bom-1.6.SNAPSHOT.schema.json'));
}

function compileIri(): (text: string) => boolean {
  const ajv = new Ajv();
  formats.default(ajv);
  const check = ajv.compile({ type: 'string', format: 'uri-reference' });
  return (text) => check(text) === true;
}
