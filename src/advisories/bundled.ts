// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { packageRoot } from '../platform/assets.ts';
import { generationSource } from './mirror/generation-source.ts';
import { openGeneration } from './mirror/reader.ts';
import type { AdvisorySource } from './source.ts';

/**
 * The small snapshot that comes with the package, for the example and the tests; never a fall-back.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export async function openBundled(
  dataDir = join(packageRoot(), 'data', 'advisories'),
): Promise<AdvisorySource> {
  return generationSource('bundled', openGeneration(dataDir));
}
