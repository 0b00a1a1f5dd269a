// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Imports a TypeScript module of the project, bundled on the fly, so that a script runs where nothing was built. */
export async function importSource(module) {
  const outfile = join(
    root,
    'node_modules',
    '.cache',
    'scripts',
    `${basename(dirname(module))}-${basename(module)}.mjs`,
  );
  await build({
    entryPoints: [join(root, module)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
