// SPDX-License-Identifier: Apache-2.0
import { clarify } from './clarify.ts';
import { lock } from './lock.ts';
import type { LicenseSource } from './source.ts';

/** In the order in which their claims stand on a component. */
export const licenseSources: readonly LicenseSource[] = [lock, clarify];
