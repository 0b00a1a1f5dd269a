// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';
import { PlimsollError } from '../platform/errors.ts';

/** A manifest of any name and the collector that is to read it, as `-L FORMAT:FILE` names them. */
export interface NamedManifest {
  readonly collector: string;
  /** As written; a model path for `collect`. */
  readonly path: string;
}

/**
 * Splits the text of `-L FORMAT:FILE` at the first `:` whose left side is one of the collector ids; the path may
 * hold more of them.
 * @throws PlimsollError `usage`
 */
export function parseManifestOption(text: string, ids: readonly string[]): NamedManifest {
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    const collector = text.slice(0, colon);
    const path = text.slice(colon + 1);
    if (ids.includes(collector) && path !== '') return { collector, path };
  }
  throw new PlimsollError('usage', `-L ${text}: expected FORMAT:FILE`, {
    hint: `FORMAT is one of ${[...ids].sort(compareText).join(', ')}`,
  });
}
