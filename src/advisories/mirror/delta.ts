// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type ChangeOptions, type ChangeResult, changeMirror } from './change.ts';
import { type Delta, gatherDeltas } from './gather.ts';
import { currentName, noData } from './generations.ts';
import { idsOfGeneration, type StoredIds } from './ids.ts';

export interface DeltaOptions extends ChangeOptions {
  readonly deltas: readonly Delta[];
}

/**
 * Applies changes to a mirror that holds the ecosystems whole.
 * @throws PlimsollError as {@link changeMirror}; `data-missing` where there is no mirror
 */
export async function applyDelta(options: DeltaOptions): Promise<ChangeResult> {
  return await changeMirror(options, (context) => gatherDeltas(context, options.deltas));
}

/**
 * The ids that a mirror holds in each ecosystem, withdrawn ones included.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export function storedIds(dbDir: string): StoredIds {
  const name = currentName(dbDir);
  if (name === undefined) throw noData(dbDir);
  return idsOfGeneration(join(dbDir, name), name.slice(0, 64));
}
