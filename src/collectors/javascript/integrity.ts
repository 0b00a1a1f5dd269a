// SPDX-License-Identifier: Apache-2.0
import type { Hash } from '../../model/inventory.ts';

/** Lengths in bytes; anything else is not a digest of that algorithm. */
const DIGESTS = new Map(
  [
    { algorithm: 'md5', bytes: 16 },
    { algorithm: 'sha1', bytes: 20 },
    { algorithm: 'sha256', bytes: 32 },
    { algorithm: 'sha384', bytes: 48 },
    { algorithm: 'sha512', bytes: 64 },
  ].map((digest) => [digest.algorithm, digest]),
);

/**
 * The hashes of a subresource integrity text (`sha512-BASE64 sha1-BASE64?options`), in its order. One that is not
 * well formed is left out.
 *
 * @see https://www.w3.org/TR/SRI/#the-integrity-attribute
 */
export function readIntegrity(integrity: string | undefined): Hash[] {
  if (integrity === undefined) return [];
  // Nearly every entry has one hash and nothing else.
  const only = integrity.includes('?') ? undefined : readHash(integrity);
  if (only !== undefined) return [only];
  const hashes = integrity.split(/\s+/).map(readHash);
  return hashes.filter((hash) => hash !== undefined);
}

/** Room for a digest and more, so that one that is too long is seen to be. */
const decoded = Buffer.alloc(128);

function readHash(text: string): Hash | undefined {
  const dash = text.indexOf('-');
  const word = text.slice(0, Math.max(0, dash));
  const digest = DIGESTS.get(word) ?? DIGESTS.get(word.toLowerCase());
  if (digest === undefined) return undefined;
  const { algorithm, bytes } = digest;
  const options = text.indexOf('?');
  const base64 = text.slice(dash + 1, options === -1 ? undefined : options);
  if (base64.length !== Math.ceil(bytes / 3) * 4) return undefined;
  // Node skips what is not base64, so text and digest have both the right length only if nothing was skipped.
  if (decoded.write(base64, 'base64') !== bytes) return undefined;
  return { algorithm, value: decoded.toString('hex', 0, bytes) };
}
