// SPDX-License-Identifier: Apache-2.0

/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32C (RFC 3720, B.4), which Google's storage sends as `x-goog-hash`; `value` continues a former one. */
export function crc32c(bytes: Uint8Array, value = 0): number {
  let crc = ~value;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** The checksum of a header `crc32c=BASE64,md5=BASE64`; `undefined` where there is none. */
export function crc32cOf(header: string | undefined): number | undefined {
  const [, base64] = /(?:^|,)\s*crc32c=([A-Za-z0-9+/]{6}==)/.exec(header ?? '') ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').readUInt32BE(0);
}
