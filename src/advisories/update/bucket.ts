// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Ecosystem } from '../../model/inventory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { systemErrorCode } from '../../platform/fs.ts';
import type { Http, HttpResponse } from '../../platform/http.ts';
import { requestRetrying } from '../../platform/http-retry.ts';
import { givenUrl, shownUrl } from '../../platform/http-rules.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { crc32c, crc32cOf } from './crc32c.ts';
import { readModifiedIds } from './modified-ids.ts';

/** OSV's public bucket: https://google.github.io/osv.dev/data/#data-dumps */
export const OSV_BUCKET = 'https://osv-vulnerabilities.storage.googleapis.com';

/** A place with OSV's layout: `<ECOSYSTEM>/all.zip`, `<ECOSYSTEM>/modified_id.csv`, `<ECOSYSTEM>/<ID>.json`. */
export interface Bucket {
  /** Without credentials. */
  readonly url: string;
  /** Writes the archive to a file. */
  archive(ecosystem: Ecosystem, target: string): Promise<Download>;
  /** Every id with its time, `undefined` where there is no list. */
  list(ecosystem: Ecosystem): Promise<ModifiedList | undefined>;
  /** A record, `undefined` where there is none. */
  record(ecosystem: Ecosystem, id: string): Promise<Buffer | undefined>;
}

/** What `modified_id.csv` says. */
export interface ModifiedList extends Download {
  readonly sha256: string;
  /** Milliseconds since 1970 by id. */
  readonly ids: ReadonlyMap<string, number>;
}

interface Download {
  readonly url: string;
  readonly etag?: string;
}

const ARCHIVE_LIMIT = 512 * 1024 * 1024;
const LIST_LIMIT = 512 * 1024 * 1024;
const RECORD_LIMIT = 16 * 1024 * 1024;
const TIMEOUT = 300_000;

/**
 * @param address an https URL, or a file URL of a directory
 * @throws PlimsollError `usage` for any other; its methods `network-failed`, `network-refused`, `limit-exceeded`,
 *   `parse-failed` (a wrong checksum), `aborted`
 */
export function openBucket(address: string, http: Http | undefined, retry: RetryPolicy): Bucket {
  if (/^file:/i.test(address)) return directoryBucket(address);
  const url = givenUrl(address.replace(/\/*$/, '/'), 'a bucket has an https or a file URL');
  if (http === undefined) {
    throw new PlimsollError('usage', `${shownUrl(url)}: expected a network, got an offline run`, {
      hint: 'import files instead: plimsoll db import PATH..., or update --from file:///PATH',
    });
  }
  return httpsBucket(url, http, retry);
}

function httpsBucket(base: URL, http: Http, retry: RetryPolicy): Bucket {
  const get = async <T>(
    path: string,
    maxBytes: number,
    accepts: readonly number[],
    read: (response: HttpResponse, shown: string) => Promise<T>,
  ): Promise<T> => {
    const url = new URL(path, base);
    return await requestRetrying({
      http,
      request: { url: url.href, timeout: TIMEOUT, maxBytes },
      retry,
      accepts,
      expected: 'a file',
      read: async (response) => ({ value: await read(response, shownUrl(url)) }),
    });
  };
  return {
    url: shownUrl(base).replace(/\/$/, ''),
    async archive(ecosystem, target) {
      const save = async (response: HttpResponse, shown: string): Promise<Download> => {
        await saveChunks(summed(response, shown), target);
        return downloadOf(response, shown);
      };
      return await get(`${ecosystem}/all.zip`, ARCHIVE_LIMIT, [200], save);
    },
    async list(ecosystem) {
      return await get(`${ecosystem}/modified_id.csv`, LIST_LIMIT, [200, 404], async (response, shown) => {
        if (response.status === 200)
          return await readList(downloadOf(response, shown), summed(response, shown));
        await response.bytes();
        return undefined;
      });
    },
    async record(ecosystem, id) {
      const path = `${ecosystem}/${encodeURIComponent(id)}.json`;
      return await get(path, RECORD_LIMIT, [200, 404], async (response) => {
        const bytes = await response.bytes();
        return response.status === 404 ? undefined : bytes;
      });
    },
  };
}

function downloadOf(response: HttpResponse, url: string): Download {
  const etag = response.header('etag');
  return { url, ...(etag === undefined ? {} : { etag: etag.slice(0, 200) }) };
}

/** The body, which ends in an error where it is not what the server has the checksum of. */
async function* summed(response: HttpResponse, shown: string): AsyncGenerator<Uint8Array> {
  const expected = isAsStored(response) ? crc32cOf(response.header('x-goog-hash')) : undefined;
  let crc = 0;
  for await (const chunk of response.chunks()) {
    if (expected !== undefined) crc = crc32c(chunk, crc);
    yield chunk;
  }
  if (expected === undefined || crc === expected) return;
  throw new PlimsollError(
    'network-failed',
    `${shown}: expected the checksum that the server names, got another`,
  );
}

/** The checksum is that of the stored bytes, which may be compressed. */
function isAsStored(response: HttpResponse): boolean {
  const encodings = ['content-encoding', 'x-goog-stored-content-encoding'].map((name) =>
    response.header(name),
  );
  return encodings.every((encoding) => encoding === undefined || encoding === 'identity');
}

async function readList(download: Download, chunks: AsyncIterable<Uint8Array>): Promise<ModifiedList> {
  const sha256 = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      sha256.update(chunk);
      yield chunk;
    }
  }
  const ids = new Map<string, number>();
  for await (const lines of readModifiedIds(download.url, hashed())) {
    // Of an id that comes twice the newer line counts, whatever their order.
    for (const { id, modified } of lines) ids.set(id, Math.max(modified, ids.get(id) ?? modified));
  }
  return { ...download, sha256: sha256.digest('hex'), ids };
}

async function saveChunks(chunks: AsyncIterable<Uint8Array>, target: string): Promise<void> {
  const file = await open(target, 'w');
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

function directoryBucket(address: string): Bucket {
  const root = fileOf(address);
  const file = (ecosystem: Ecosystem, name: string) => new URL(`${ecosystem}/${name}`, root);
  return {
    url: shownUrl(root).replace(/\/$/, ''),
    async archive(ecosystem, target) {
      const from = file(ecosystem, 'all.zip');
      await saveChunks(readChunks(from, ARCHIVE_LIMIT), target);
      return { url: shownUrl(from) };
    },
    async list(ecosystem) {
      const from = file(ecosystem, 'modified_id.csv');
      return (await exists(from))
        ? await readList({ url: shownUrl(from) }, readChunks(from, LIST_LIMIT))
        : undefined;
    },
    async record(ecosystem, id) {
      const from = file(ecosystem, `${encodeURIComponent(id)}.json`);
      if (!(await exists(from))) return undefined;
      const parts: Uint8Array[] = [];
      for await (const chunk of readChunks(from, RECORD_LIMIT)) parts.push(chunk);
      return Buffer.concat(parts);
    },
  };
}

function fileOf(address: string): URL {
  try {
    const url = new URL(address.replace(/\/*$/, '/'));
    fileURLToPath(url);
    return url;
  } catch (error) {
    throw new PlimsollError('usage', `${address.slice(0, 200)}: expected the file URL of a directory`, {
      cause: error,
    });
  }
}

async function exists(url: URL): Promise<boolean> {
  const stats = await stat(fileURLToPath(url)).catch(() => undefined);
  return stats !== undefined;
}

async function* readChunks(url: URL, maxBytes: number): AsyncGenerator<Uint8Array> {
  const file = await openFile(url);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw unreadable(url, 'another kind of file');
    if (stats.size > maxBytes) throw unreadable(url, `${stats.size} bytes, and not ${maxBytes} at most`);
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

/** A FIFO in the place of a file is opened without waiting for it. */
async function openFile(url: URL): Promise<FileHandle> {
  try {
    return await open(fileURLToPath(url), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unreadable(url, systemErrorCode(error), error);
  }
}

function unreadable(url: URL, got: string, cause?: unknown): PlimsollError {
  return new PlimsollError('network-failed', `${url.pathname}: expected a file, got ${got}`, { cause });
}
