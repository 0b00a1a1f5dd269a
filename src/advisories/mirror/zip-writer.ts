// SPDX-License-Identifier: Apache-2.0
import { crc32, deflateRawSync } from 'node:zlib';
import type { OutputFile } from './output.ts';

/** Writes a ZIP archive entry by entry; the same entries give the same bytes. */
export interface ZipWriter {
  add(name: string, content: Buffer): void;
  /** Writes the directory; nothing can be added after that. */
  finish(): void;
}

const VERSION = 20;
const VERSION_ZIP64 = 45;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1980-01-01, the first day that the format knows: archives are told apart by content, not by time. */
const DATE = 0x0021;
const MAX_16 = 0xffff;
const MAX_32 = 0xffff_ffff;

/** @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function createZip(output: OutputFile): ZipWriter {
  const directory: Buffer[] = [];
  return {
    add(name, content) {
      const packed = deflateRawSync(content, { level: 6 });
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(VERSION, 0);
      fields.writeUInt16LE(UTF8_NAMES, 2);
      fields.writeUInt16LE(DEFLATED, 4);
      fields.writeUInt16LE(DATE, 8);
      fields.writeUInt32LE(crc32(content), 10);
      fields.writeUInt32LE(packed.length, 14);
      fields.writeUInt32LE(content.length, 18);
      const nameBytes = Buffer.from(name, 'utf8');
      fields.writeUInt16LE(nameBytes.length, 22);
      const at = output.append(Buffer.concat([signature(0x04034b50), fields, nameBytes]));
      output.append(packed);
      const rest = Buffer.alloc(14);
      rest.writeUInt32LE(at, 10);
      directory.push(signature(0x02014b50), uint16(VERSION), fields, rest, nameBytes);
    },
    finish() {
      // Four parts beside the name for each entry.
      const count = directory.length / 5;
      const bytes = Buffer.concat(directory);
      const at = output.append(bytes);
      if (count >= MAX_16 || at >= MAX_32) output.append(zip64End(count, bytes.length, at, output.size()));
      const end = Buffer.alloc(18);
      end.writeUInt16LE(Math.min(count, MAX_16), 4);
      end.writeUInt16LE(Math.min(count, MAX_16), 6);
      end.writeUInt32LE(Math.min(bytes.length, MAX_32), 8);
      end.writeUInt32LE(Math.min(at, MAX_32), 12);
      output.append(Buffer.concat([signature(0x06054b50), end]));
    },
  };
}

/** For more entries than 16 bits can count: npm has several hundred thousand. */
function zip64End(count: number, length: number, at: number, endAt: number): Buffer {
  const record = Buffer.alloc(52);
  record.writeBigUInt64LE(44n, 0);
  record.writeUInt16LE(VERSION_ZIP64, 8);
  record.writeUInt16LE(VERSION_ZIP64, 10);
  record.writeBigUInt64LE(BigInt(count), 20);
  record.writeBigUInt64LE(BigInt(count), 28);
  record.writeBigUInt64LE(BigInt(length), 36);
  record.writeBigUInt64LE(BigInt(at), 44);
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(endAt), 4);
  locator.writeUInt32LE(1, 12);
  return Buffer.concat([signature(0x06064b50), record, signature(0x07064b50), locator]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
