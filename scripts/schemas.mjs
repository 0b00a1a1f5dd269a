// SPDX-License-Identifier: Apache-2.0
// Writes schemas/*.json from the source: of the policy from its zod schema, of the report from its TypeScript type;
// src/policy/default-policy.json from policies/default.yaml; and src/advisories/cvss-scores.json with the CVSS calculator.
//   npm run schemas              writes the files
//   npm run schemas -- --check   exits 1 where a file is not what the source makes
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { importSource } from './import-source.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const { policyJsonSchema } = await importSource('src/policy/schema.ts');
const { compileCvssScores } = await importSource('src/advisories/cvss-table.ts');
const { loadCvssCalculator } = await importSource('src/advisories/severity.ts');
const { compileDefaultPolicy } = await importSource('src/policy/load.ts');

/** Published file and what makes its content. */
const SCHEMAS = [
  { file: 'schemas/policy.schema.json', make: policySchema },
  { file: 'schemas/report.schema.json', make: reportSchema },
  { file: 'src/policy/default-policy.json', make: defaultPolicy },
  { file: 'src/advisories/cvss-scores.json', make: cvssScores },
];

for (const { file, make } of SCHEMAS) {
  // Doc comments are taken over as descriptions; their links are for editors of the source.
  const text = `${JSON.stringify(await make(), undefined, 2).replace(/ ?\{@link +(\w+) *\} ?/g, '$1')}\n`;
  const target = join(root, file);
  if (check) {
    if ((await readFile(target, 'utf8').catch(() => undefined)) === text) continue;
    console.error(`${file} is not what the source makes; run: npm run schemas`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  console.log(file);
}

function policySchema() {
  return policyJsonSchema();
}

function defaultPolicy() {
  return compileDefaultPolicy({ read: (path) => readFile(join(root, path)) });
}

async function cvssScores() {
  return compileCvssScores(await loadCvssCalculator());
}

/** Objects stay open: a new key of the report is no breaking change. */
function reportSchema() {
  const { $schema, definitions, ...report } = createGenerator({
    path: join(root, 'src', 'model', 'report.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    additionalProperties: true,
    topRef: false,
  }).createSchema('Report');
  const $id = new URL('report.schema.json', policyJsonSchema().$id).href;
  return { $id, $schema, title: 'plimsoll report', ...report, definitions };
}
