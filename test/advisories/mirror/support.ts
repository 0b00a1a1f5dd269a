// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { openMirror } from '../../../src/advisories/mirror/generation-source.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { systemFs, type WriteFs } from '../../../src/advisories/mirror/write-fs.ts';
import type { AdvisorySource, PackageQuery } from '../../../src/advisories/source.ts';
import type { Ecosystem } from '../../../src/model/inventory.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';

export const FIXTURES = join(REPO_ROOT, 'fixtures', 'mirror', 'osv');
export const NOW = new Date('2026-01-02T03:04:05.000Z');

/** The file system without its slowest call; that it is made where it must be has a test of its own. */
export const QUICK_FS: WriteFs = { ...systemFs, fsyncSync: () => {} };

/** A directory that goes when the test ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'plimsoll-mirror-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function writeInput(name: string, content: Uint8Array | string): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

export interface SimpleRecord {
  readonly id: string;
  readonly modified?: string;
  readonly packages?: readonly (readonly [ecosystem: string, name: string])[];
  readonly [key: string]: unknown;
}

/** The JSON text of an OSV record that affects version 1 of its packages. */
export function recordJson({ id, modified, packages = [['npm', 'left']], ...rest }: SimpleRecord): string {
  const affected = packages.map(([ecosystem, name]) => ({ package: { ecosystem, name }, versions: ['1'] }));
  return JSON.stringify({ id, modified: modified ?? '2024-01-01T00:00:00Z', affected, ...rest });
}

/** An archive of such records, each in the file of its id. */
export function archiveOf(...records: readonly SimpleRecord[]): string {
  const entries = records.map((record) => ({ name: `${record.id}.json`, data: recordJson(record) }));
  return writeInput('all.zip', zip(entries));
}

/** `count` live npm records. */
export function npmRecords(count: number, modified = '2024-01-01T00:00:00Z'): SimpleRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `MAL-${i}`,
    modified,
    packages: [['npm', `pkg-${i}`]],
  }));
}

export interface ZipInput {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly stored?: boolean;
  /** What the central directory says where it differs from the truth. */
  readonly lie?: Partial<
    Record<'flags' | 'method' | 'checksum' | 'compressed' | 'uncompressed' | 'at', number>
  >;
}

export interface ZipLies {
  readonly count?: number;
  readonly directoryAt?: number;
  readonly comment?: string;
  readonly disk?: number;
  readonly zip64?: boolean;
}

/** A ZIP archive, true or not. */
export function zip(entries: readonly ZipInput[], lies: ZipLies = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data, stored, lie } of entries) {
    const raw = Buffer.from(data as string);
    const packed = stored ? raw : deflateRawSync(raw);
    const fields = {
      flags: 0x0800,
      method: stored ? 0 : 8,
      checksum: crc32(raw),
      compressed: packed.length,
      uncompressed: raw.length,
      at,
      ...lie,
    };
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    writeCommon(local, 4, fields, nameBytes.length);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    writeCommon(central, 6, fields, nameBytes.length);
    central.writeUInt32LE(fields.at, 42);
    parts.push(local, nameBytes, packed);
    directory.push(central, nameBytes);
    at += local.length + nameBytes.length + packed.length;
  }
  const directoryBytes = Buffer.concat(directory);
  return Buffer.concat([...parts, directoryBytes, endOf(entries.length, at, directoryBytes.length, lies)]);
}

function writeCommon(
  target: Buffer,
  at: number,
  fields: Record<'flags' | 'method' | 'checksum' | 'compressed' | 'uncompressed', number>,
  nameLength: number,
): void {
  target.writeUInt16LE(20, at);
  target.writeUInt16LE(fields.flags, at + 2);
  target.writeUInt16LE(fields.method, at + 4);
  target.writeUInt32LE(fields.checksum, at + 10);
  target.writeUInt32LE(fields.compressed, at + 14);
  target.writeUInt32LE(fields.uncompressed, at + 18);
  target.writeUInt16LE(nameLength, at + 22);
}

function endOf(entries: number, at: number, size: number, lies: ZipLies): Buffer {
  const comment = Buffer.from(lies.comment ?? '');
  const count = lies.count ?? entries;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(lies.disk ?? 0, 4);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(lies.directoryAt ?? at, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!lies.zip64 && count <= 0xffff) return Buffer.concat([end, comment]);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(lies.directoryAt ?? at), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(at + size), 8);
  locator.writeUInt32LE(1, 16);
  end.writeUInt16LE(0xffff, 8);
  end.writeUInt16LE(0xffff, 10);
  return Buffer.concat([record, locator, end, comment]);
}

export async function load(dbDir: string, ...inputs: string[]) {
  return await importAdvisories({ dbDir, inputs, now: NOW, writeFs: QUICK_FS });
}

export async function imported(...inputs: string[]): Promise<string> {
  const dbDir = temporaryDirectory();
  await load(dbDir, ...inputs);
  return dbDir;
}

/** Ids found per package, as `npm/left`. */
export async function idsOf(dbDir: string, ...packages: ReturnType<typeof query>[]) {
  const source = await openMirror(dbDir);
  const { records } = await source.query(packages);
  await source.close();
  return Object.fromEntries(
    [...records].map(([key, list]) => [key.replace('\0', '/'), list.map(({ id }) => id)]),
  );
}

export async function withMirror<T>(dbDir: string, use: (source: AdvisorySource) => Promise<T>): Promise<T> {
  const source = await openMirror(dbDir);
  return await use(source).finally(() => source.close());
}

/** Bytes of the generation's files. */
export function contents(dbDir: string): Record<string, string> {
  const directory = currentDirectory(dbDir);
  const names = ['index', 'manifest.json', 'records'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'base64')]));
}

export function npm(...names: readonly string[]): PackageQuery[] {
  return names.map((name) => query('npm', name));
}

export function query(ecosystem: Ecosystem, name: string): PackageQuery {
  return { ecosystem, name };
}

/** The directory of the generation in use. */
export function currentDirectory(dbDir: string): string {
  return join(dbDir, readFileSync(join(dbDir, 'CURRENT'), 'utf8').trim());
}

/** The code of the typed error that `act` must end in. */
export async function errorCode(act: Promise<unknown> | (() => unknown)): Promise<string> {
  const error = await failure(act);
  return error instanceof PlimsollError ? error.code : `untyped: ${error}`;
}

export async function failure(act: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    return error;
  }
  throw new Error('expected an error, got none');
}
