// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO_ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The corpus of real files, which lies beside the checkout where it is available. */
export const SHARED_DATA = join(REPO_ROOT, '..', 'shared', 'data');
export const HAS_SHARED_DATA = existsSync(SHARED_DATA);

/** Reason for a skipped corpus test, to be put into its title. */
export const SHARED_SKIP_REASON = '(skipped: the corpus ../shared/data is not there)';
