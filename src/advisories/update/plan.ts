// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem } from '../../model/inventory.ts';
import { inParallel } from '../../platform/pool.ts';
import type { Delta, DeltaRecord } from '../mirror/gather.ts';
import type { ImportSource, MirroredEcosystem } from '../mirror/manifest.ts';
import { rollback } from '../mirror/rollback.ts';
import type { Bucket, ModifiedList } from './bucket.ts';

/** How one ecosystem is brought up to date: by its archive, or by what was fetched of the records that changed. */
export type Plan =
  | { readonly by: 'archive'; readonly ecosystem: Ecosystem }
  | { readonly by: 'delta'; readonly ecosystem: Ecosystem; readonly delta: Delta };

export interface PlanContext {
  readonly ecosystem: Ecosystem;
  /** What the mirror holds of it. */
  readonly held: MirroredEcosystem | undefined;
  /** The times of its records by id. */
  readonly stored: ReadonlyMap<string, number>;
  readonly now: Date;
  readonly allowRollback: boolean | undefined;
  readonly onProgress: ((text: string) => void) | undefined;
}

/** Above so many changes the archive is the smaller download. */
const MAX_CHANGES = 5000;
const PARALLEL = 25;

/**
 * Finds out what has changed, and fetches it.
 * @throws PlimsollError `data-rollback` for a list that is older than the data in use, and as the bucket's methods
 */
export async function planOf(bucket: Bucket, context: PlanContext): Promise<Plan> {
  const { ecosystem, held, stored, allowRollback, onProgress } = context;
  const watermark = Date.parse(held?.newestModified ?? '');
  if (!held?.complete || Number.isNaN(watermark)) return { by: 'archive', ecosystem };
  onProgress?.(`${ecosystem}: asking what has changed`);
  const list = await bucket.list(ecosystem);
  if (list === undefined || list.ids.size === 0) return { by: 'archive', ecosystem };
  if (!allowRollback) guardList(list, watermark);
  const news = [...list.ids].filter(([id, modified]) => isNews(modified, stored.get(id), watermark));
  if (news.length > MAX_CHANGES) return { by: 'archive', ecosystem };
  const changed = await fetchRecords(
    bucket,
    news.map(([id]) => id),
    context,
  );
  // A bucket of archives and lists alone, as an export is.
  if (changed.length > 0 && changed.every(({ bytes }) => bytes === undefined))
    return { by: 'archive', ecosystem };
  const removed = [...stored.keys()].filter((id) => !list.ids.has(id));
  return { by: 'delta', ecosystem, delta: { ecosystem, changed, removed, source: sourceOf(list, context) } };
}

/** Dates of the list and of the records may differ in what comes after the second. */
const SECOND = 1000;

/**
 * Refuses a list that is older than the data in use: what it lacks was not removed but published since.
 * @throws PlimsollError `data-rollback`
 */
function guardList({ ids, url }: ModifiedList, watermark: number): void {
  let newest = -1;
  for (const modified of ids.values()) newest = Math.max(newest, modified);
  if (newest >= watermark - SECOND) return;
  const [expected, got] = [watermark, newest].map((time) =>
    time < 0 ? 'none' : new Date(time).toISOString(),
  );
  throw rollback(`${url}: expected ids of records up to ${expected}, got up to ${got}`);
}

/**
 * Whether a line of the list tells of a record that is not held as it is now: also of one that is older than the
 * watermark, since a record can be published late, and one that could not be had before is still to come.
 */
function isNews(modified: number, stored: number | undefined, watermark: number): boolean {
  if (stored === undefined) return true;
  return modified >= watermark - SECOND ? stored < modified : stored + SECOND <= modified;
}

/** In the order of their ids in the list. */
async function fetchRecords(
  bucket: Bucket,
  ids: readonly string[],
  { ecosystem, onProgress }: PlanContext,
): Promise<DeltaRecord[]> {
  const records = new Map<string, DeltaRecord>();
  await inParallel(ids, PARALLEL, async (id) => {
    const bytes = await bucket.record(ecosystem, id);
    // Only the list says what is removed: a bucket that has lost its records would empty the mirror.
    records.set(id, bytes === undefined ? { id, problem: NOT_THERE } : { id, bytes });
    onProgress?.(`${ecosystem}: ${records.size} of ${ids.length} records`);
  });
  return ids.flatMap((id) => records.get(id) ?? []);
}

const NOT_THERE = 'expected the record that the list of ids names, got none';

function sourceOf({ url, sha256, etag }: ModifiedList, { ecosystem, now }: PlanContext): ImportSource {
  return {
    name: 'modified_id.csv',
    sha256,
    ecosystems: [ecosystem],
    url,
    ...(etag === undefined ? {} : { etag }),
    retrievedAt: now.toISOString(),
  };
}
