// SPDX-License-Identifier: Apache-2.0

/**
 * A place in the scanned tree.
 *
 * `uri` is relative to the scan root, `/`-separated, NFC and not percent-encoded. Lines and columns count
 * from 1; `endColumn` is exclusive.
 */
export interface Location {
  readonly uri: string;
  /** The `uri` is what a tool calls it, and no file of the tree: an image, or a path of another machine, cut short. */
  readonly outside?: true;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** The place alone, without what else a location of a component carries. */
export function plainLocation({
  uri,
  outside,
  startLine,
  endLine,
  startColumn,
  endColumn,
}: Location): Location {
  return {
    uri,
    ...(outside === undefined ? {} : { outside }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}
