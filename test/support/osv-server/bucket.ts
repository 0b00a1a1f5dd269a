// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { crc32c } from '../../../src/advisories/update/crc32c.ts';
import { startServer, type TestServer } from '../https-server.ts';
import type { WireRecord } from './fuzzy.ts';

export interface BucketOptions {
  /** Records by ecosystem; may be replaced while the server runs. */
  readonly records: Record<string, readonly WireRecord[]>;
  /** Spoils an answer, or leaves it. `answer` is `undefined` where there is no such file. */
  fault?: (path: string, response: ServerResponse, answer: Buffer | undefined, total: number) => boolean;
  /** Makes the archive of some records. */
  readonly archive: (records: readonly WireRecord[]) => Buffer;
}

export interface BucketServer extends TestServer {
  readonly paths: readonly string[];
}

/** OSV's bucket over the given records: `<ECOSYSTEM>/all.zip`, `modified_id.csv`, `<ID>.json`. */
export async function startBucket(options: BucketOptions): Promise<BucketServer> {
  const paths: string[] = [];
  const server = await startServer((request, response) => {
    const path = request.url ?? '';
    const total = paths.push(path) - 1;
    const answer = fileAt(path, options);
    if (options.fault?.(path, response, answer, total) === true) return;
    sendFile(response, answer);
  });
  return { ...server, paths };
}

export function sendFile(response: ServerResponse, content: Buffer | undefined): void {
  if (content === undefined) {
    response.writeHead(404).end('<Error>NoSuchKey</Error>');
    return;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32c(content));
  response
    .writeHead(200, {
      'content-length': content.length,
      etag: `"${hash('sha256', content).slice(0, 32)}"`,
      'x-goog-hash': `crc32c=${checksum.toString('base64')}`,
    })
    .end(content);
}

function fileAt(path: string, { records, archive }: BucketOptions): Buffer | undefined {
  const [, ecosystem = '', name = ''] = /^\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const held = records[ecosystem];
  if (held === undefined) return undefined;
  if (name === 'all.zip') return archive(held);
  if (name === 'modified_id.csv') return Buffer.from(listOf(held));
  const record = held.find(({ id }) => `${encodeURIComponent(id)}.json` === name);
  return record && Buffer.from(JSON.stringify(record));
}

/** The newest first, as in the bucket. */
export function listOf(records: readonly WireRecord[]): string {
  const lines = records.map(({ id, modified = '' }) => `${modified},${id}\n`);
  return lines.sort().reverse().join('');
}
