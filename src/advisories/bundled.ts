// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlimsollError } from '../platform/errors.ts';
import { generationSource } from './mirror/generation-source.ts';
import { openGeneration } from './mirror/reader.ts';
import type { AdvisorySource } from './source.ts';

/**
 * The small snapshot that comes with the package, for the example and the tests; never a fall-back.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export async function openBundled(dataDir: string = bundledDirectory()): Promise<AdvisorySource> {
  return generationSource('bundled', openGeneration(dataDir));
}

/** `data/advisories` of the package, above this file wherever it was built to. @throws PlimsollError `data-missing` */
function bundledDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 3; level++) {
    const found = join(directory, 'data', 'advisories');
    if (existsSync(join(found, 'manifest.json'))) return found;
    directory = dirname(directory);
  }
  throw new PlimsollError('data-missing', 'data/advisories: expected the bundled advisories, got nothing', {
    hint: 'install the package again, or use the mirror: plimsoll db import PATH...',
  });
}
