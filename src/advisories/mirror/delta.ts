// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem } from '../../model/inventory.ts';
import { type ChangeOptions, type ChangeResult, changeMirror } from './change.ts';
import { gatherDeltas } from './gather.ts';
import { openCurrent } from './generations.ts';
import type { ImportSource } from './manifest.ts';
import { ecosystemBit } from './staging.ts';

/** What has changed in one ecosystem since its archive was imported. */
export interface Delta {
  readonly ecosystem: Ecosystem;
  /** New and changed records, as JSON. */
  readonly changed: readonly { readonly name: string; readonly bytes: Buffer }[];
  /** Ids that are no longer published there. */
  readonly removed: readonly string[];
  /** What told of the changes. */
  readonly source: ImportSource;
}

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
 * The ids that a mirror counts in an ecosystem, withdrawn ones included, with what their `modified` says.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export function storedIds(dbDir: string, ecosystem: Ecosystem): Map<string, string> {
  const generation = openCurrent(dbDir);
  try {
    const ids = new Map<string, string>();
    for (const { counts, bytes } of generation.bodies()) {
      if ((counts & ecosystemBit(ecosystem)) === 0) continue;
      const { id, modified } = JSON.parse(bytes.toString('utf8')) as { id: string; modified?: unknown };
      ids.set(id, typeof modified === 'string' ? modified : '');
    }
    return ids;
  } finally {
    generation.close();
  }
}
