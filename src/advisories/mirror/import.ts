// SPDX-License-Identifier: Apache-2.0
import { type ChangeOptions, type ChangeResult, changeMirror } from './change.ts';
import { gatherInputs } from './gather.ts';
import type { ImportSource } from './manifest.ts';

export interface ImportOptions extends ChangeOptions {
  /** OSV archives (`all.zip`), folders of JSON, files of single records. */
  readonly inputs: readonly string[];
  /** Where the inputs were fetched from, by path. */
  readonly fetched?: ReadonlyMap<string, Pick<ImportSource, 'url' | 'etag'>>;
}

/**
 * Imports files. An archive or folder replaces the ecosystems it holds and leaves others; a single record is merged.
 *
 * @throws PlimsollError as {@link changeMirror}, and `file-not-found`, `file-unreadable`, `file-too-large`,
 *   `parse-failed` (an input that is no archive, or has no record), `limit-exceeded`
 */
export async function importAdvisories(options: ImportOptions): Promise<ChangeResult> {
  const { inputs, fetched } = options;
  return await changeMirror(options, (context) => gatherInputs(context, inputs, fetched));
}
