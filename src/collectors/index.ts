// SPDX-License-Identifier: Apache-2.0
import type { Collector } from './collector.ts';
import { packageLock } from './javascript/package-lock.ts';
import { poetryLock } from './python/poetry-lock.ts';
import { requirements } from './python/requirements.ts';

/** Every format that is read, in the order in which they claim files. */
export const COLLECTORS: readonly Collector[] = [requirements, poetryLock, packageLock];

/** The collector of an id, `undefined` where there is none. */
export function collectorById(id: string): Collector | undefined {
  return COLLECTORS.find((collector) => collector.id === id);
}
