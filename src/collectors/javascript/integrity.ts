// SPDX-License-Identifier: Apache-2.0
import type { Hash } from '../../model/inventory.ts';

/** Lengths in bytes; anything else is not a digest of that algorithm. */
const DIGEST_BYTES = new Map([
  ['md5', 16],
  ['sha1', 20],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/**
 * The hashes of a subresource integrity text (`sha512-BASE64 sha1-BASE64?options`), in its order. One that is not
 * well formed is left out.
 *
 * @see https://www.w3.org/TR/SRI/#the-integrity-attribute
 */
export function readIntegrity(integrity: string | undefined): Hash[] {
  if (integrity === undefined) return [];
  // Nearly every entry has one hash; splitting it took a third of the time of reading it.
  if (!/\s/.test(integrity)) {
    const hash = readHash(integrity);
    return hash === undefined ? [] : [hash];
  }
  const hashes = integrity.split(/\s+/).map(readHash);
  return hashes.filter((hash) => hash !== undefined);
}

function readHash(text: string): Hash | undefined {
  const dash = text.indexOf('-');
  const algorithm = text.slice(0, Math.max(0, dash)).toLowerCase();
  const bytes = DIGEST_BYTES.get(algorithm);
  if (bytes === undefined) return undefined;
  const options = text.indexOf('?');
  const base64 = text.slice(dash + 1, options === -1 ? undefined : options);
  // Node skips what is not base64, so text and digest have both the right length only if nothing was skipped.
  const digest = Buffer.from(base64, 'base64');
  if (digest.length !== bytes || base64.length !== Math.ceil(bytes / 3) * 4) return undefined;
  return { algorithm, value: digest.toString('hex') };
}
