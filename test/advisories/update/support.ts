// SPDX-License-Identifier: Apache-2.0
import { onTestFinished } from 'vitest';
import { type UpdateOptions, updateMirror } from '../../../src/advisories/update/update.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { TEST_CA } from '../../support/https-server.ts';
import { type BucketOptions, type BucketServer, startBucket } from '../../support/osv-server/bucket.ts';
import type { WireRecord } from '../../support/osv-server/fuzzy.ts';
import { NOW, QUICK_FS, zip } from '../mirror/support.ts';

const http = createHttp({ caCert: TEST_CA });

export function record(
  id: string,
  name: string,
  modified = '2025-01-01T00:00:00Z',
  ecosystem = 'npm',
): WireRecord {
  return { id, modified, affected: [{ package: { ecosystem, name }, versions: ['1'] }] };
}

export const PYTHON = [record('PYSEC-1', 'django', '2025-01-01T00:00:00Z', 'PyPI')];
export const MANY = Array.from({ length: 200 }, (_, i) => record(`GHSA-${i}`, `pkg-${i}`));

export function archive(records: readonly WireRecord[]): Buffer {
  return zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) })));
}

/** A bucket whose npm records can be replaced while it runs, and which can be spoilt. */
export async function serve(npmRecords: readonly WireRecord[], fault?: BucketOptions['fault']) {
  const records: Record<string, readonly WireRecord[]> = { npm: npmRecords, PyPI: PYTHON };
  const options: BucketOptions = { records, archive, ...(fault ? { fault } : {}) };
  const server = await startBucket(options);
  onTestFinished(server.close);
  return { server, records, options };
}

export async function update(dbDir: string, ...from: (string | BucketServer)[]) {
  return await updateWith({}, dbDir, ...from);
}

export async function updateWith(
  options: Partial<UpdateOptions>,
  dbDir: string,
  ...from: (string | BucketServer)[]
) {
  return await updateMirror({
    dbDir,
    from: from.map((each) => (typeof each === 'string' ? each : each.url)),
    http,
    now: NOW,
    writeFs: QUICK_FS,
    retry: { attempts: 3, base: 1, deadline: AbortSignal.timeout(20_000), wait: async () => {} },
    ...options,
  });
}
