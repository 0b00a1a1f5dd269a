// SPDX-License-Identifier: Apache-2.0
// Writes schemas/*.json from the schemas in the source; --check compares instead and fails on a difference.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Published file, the module that makes it, and the function of that module which returns it. */
const SCHEMAS = [{ file: 'policy.schema.json', module: 'src/policy/schema.ts', make: 'policyJsonSchema' }];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

for (const { file, module, make } of SCHEMAS) {
  const outfile = join(root, 'node_modules', '.cache', 'schemas', `${file}.mjs`);
  await build({
    entryPoints: [join(root, module)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const made = await import(pathToFileURL(outfile).href);
  const text = `${JSON.stringify(made[make](), undefined, 2)}\n`;
  const target = join(root, 'schemas', file);
  if (check) {
    if ((await readFile(target, 'utf8').catch(() => undefined)) === text) continue;
    console.error(`schemas/${file} is not what ${module} makes; run: node scripts/schemas.mjs`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  console.log(`schemas/${file}`);
}
