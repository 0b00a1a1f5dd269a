// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ECOSYSTEMS, type Ecosystem } from '../../model/inventory.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import type { Http } from '../../platform/http.ts';
import { inParallel } from '../../platform/pool.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { notingRefusal } from '../mirror/attempts.ts';
import type { ChangeOptions, ChangeResult } from '../mirror/change.ts';
import { applyDelta, storedIds } from '../mirror/delta.ts';
import type { Delta, DeltaRecord } from '../mirror/gather.ts';
import { makeDownloads } from '../mirror/generations.ts';
import type { StoredIds } from '../mirror/ids.ts';
import { importAdvisories } from '../mirror/import.ts';
import { takeLock } from '../mirror/lock.ts';
import type { FetchedFrom, ImportSource, MirroredEcosystem } from '../mirror/manifest.ts';
import { rollback } from '../mirror/rollback.ts';
import { type MirrorStatus, mirrorStatus } from '../mirror/status.ts';
import { removeQuietly, systemFs, writeFailed } from '../mirror/write-fs.ts';
import { type Bucket, type ModifiedList, openBucket } from './bucket.ts';

export interface UpdateOptions extends Omit<ChangeOptions, 'onProgress'> {
  /** Addresses of buckets, tried in their order until one gives sound data. */
  readonly from: readonly string[];
  readonly http?: Http;
  readonly retry: RetryPolicy;
  /** Called with what is being done, for people who wait. */
  readonly onProgress?: (text: string) => void;
}

export interface UpdateResult {
  /** The bucket that gave the data. */
  readonly url: string;
  readonly updates: readonly EcosystemUpdate[];
  /** What the mirror holds now. */
  readonly ecosystems: readonly MirroredEcosystem[];
  readonly generation: string;
  readonly changed: boolean;
  /** Buckets before it in the list, and what was wrong with them. */
  readonly passedOver: readonly { readonly url: string; readonly reason: string }[];
}

/** How one ecosystem was brought up to date. */
export interface EcosystemUpdate {
  readonly ecosystem: Ecosystem;
  readonly by: 'archive' | 'delta';
  /** Records that were fetched; of an archive, all of them. */
  readonly fetched: number;
  readonly removed: number;
}

/** Above so many changes the archive is the smaller download. */
const MAX_CHANGES = 5000;
const PARALLEL = 25;

/**
 * Brings the mirror up to date: archives for what it does not hold whole or what has changed much, else only what the
 * list of ids says is new, changed or gone. One update at a time: another one is told that this one runs. Whatever
 * goes wrong, the data in use stay.
 *
 * @throws PlimsollError `network-failed`, `network-refused`, `parse-failed`, `data-rollback` (every bucket was refused),
 *   `output-failed`, `aborted`, `usage` (an https address without network, or one of another scheme)
 */
export async function updateMirror(options: UpdateOptions): Promise<UpdateResult> {
  const { dbDir, from, http, retry, signal, writeFs = systemFs } = options;
  const buckets = from.map((address) => openBucket(address, http, retry));
  const passedOver: { url: string; reason: string }[] = [];
  let worst: PlimsollError | undefined;
  try {
    writeFs.mkdirSync(dbDir, { recursive: true });
    const release = takeLock(writeFs, dbDir);
    try {
      for (const bucket of buckets) {
        throwIfAborted(signal);
        try {
          return { ...(await updateFrom(bucket, options)), passedOver };
        } catch (error) {
          if (!(error instanceof PlimsollError) || isOurs(error)) throw error;
          if (worst?.code !== 'data-rollback') worst = error;
          passedOver.push({ url: bucket.url, reason: error.message });
        }
      }
    } finally {
      release();
    }
  } catch (error) {
    throw writeFailed(dbDir, error);
  }
  throw allFailed(worst, passedOver);
}

/** Another bucket would not help. */
function isOurs({ code }: PlimsollError): boolean {
  return code === 'aborted' || code === 'output-failed' || code === 'usage' || code === 'data-damaged';
}

function allFailed(
  worst: PlimsollError | undefined,
  passedOver: readonly { readonly url: string; readonly reason: string }[],
): PlimsollError {
  if (worst === undefined) return new PlimsollError('usage', 'expected the address of a bucket, got none');
  const message = passedOver.map(({ reason }) => reason).join('\n');
  return new PlimsollError(worst.code, message, {
    hint: worst.hint ?? 'whatever data were in use still are; their age is in the verdict of each scan',
    cause: worst,
  });
}

/** Damaged data files are healed by whole archives; their manifest still guards against a step back. */
async function updateFrom(bucket: Bucket, options: UpdateOptions): Promise<Omit<UpdateResult, 'passedOver'>> {
  const status = await heldStatus(options.dbDir, options.allowRollback === true);
  try {
    return await bringUpToDate(bucket, status, options);
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== 'data-damaged') throw error;
    return await bringUpToDate(bucket, undefined, options);
  }
}

/** @param status of the data in use, absent where all is to be fetched */
async function bringUpToDate(
  bucket: Bucket,
  status: MirrorStatus | undefined,
  options: UpdateOptions,
): Promise<Omit<UpdateResult, 'passedOver'>> {
  const { dbDir, now, writeFs = systemFs } = options;
  const stored = status === undefined ? NOTHING : storedIds(dbDir);
  const plans = await notingRefusal(writeFs, { dbDir, now, url: bucket.url }, async () => {
    const made: Plan[] = [];
    for (const ecosystem of ECOSYSTEMS)
      made.push(await planOf(ecosystem, bucket, { status, stored }, options));
    return made;
  });
  const whole = plans.filter((plan) => plan.by === 'archive').map(({ ecosystem }) => ecosystem);
  const updates: EcosystemUpdate[] = [];
  let result: ChangeResult | undefined;
  if (whole.length > 0) {
    result = await fetchArchives(bucket, whole, options);
    const { ecosystems } = result;
    for (const ecosystem of whole) {
      const fetched = ecosystems.find(({ name }) => name === ecosystem)?.records ?? 0;
      updates.push({ ecosystem, by: 'archive', fetched, removed: 0 });
    }
  }
  const lists = plans.filter((plan) => plan.by === 'delta');
  if (lists.length > 0) {
    const deltas: Delta[] = [];
    for (const plan of lists) deltas.push(await fetchDelta(bucket, plan, options));
    result = await applyDelta({ ...changeOptions(options, bucket), deltas });
    for (const { ecosystem, changed, removed } of deltas) {
      updates.push({ ecosystem, by: 'delta', fetched: changed.length, removed: removed.length });
    }
  }
  if (result === undefined) throw new TypeError('an update without an ecosystem');
  const { generation, ecosystems } = result;
  return { url: bucket.url, updates, ecosystems, generation, changed: status?.generation !== generation };
}

/** Where nothing can be told of the data in use, the import decides whether that is a reason to stop. */
async function heldStatus(dbDir: string, startAfresh: boolean): Promise<MirrorStatus | undefined> {
  try {
    return await mirrorStatus(dbDir);
  } catch (error) {
    const isKnown = error instanceof PlimsollError && /^data-(?:missing|damaged)$/.test(error.code);
    if (isKnown || startAfresh) return undefined;
    throw error;
  }
}

const NOTHING: StoredIds = new Map();

type Plan =
  | { readonly by: 'archive'; readonly ecosystem: Ecosystem }
  | {
      readonly by: 'delta';
      readonly ecosystem: Ecosystem;
      readonly list: ModifiedList;
      readonly fetch: readonly string[];
      readonly removed: readonly string[];
    };

async function planOf(
  ecosystem: Ecosystem,
  bucket: Bucket,
  { status, stored: all }: { readonly status: MirrorStatus | undefined; readonly stored: StoredIds },
  { onProgress, allowRollback }: UpdateOptions,
): Promise<Plan> {
  const held = status?.ecosystems.find(({ name }) => name === ecosystem);
  const watermark = Date.parse(held?.newestModified ?? '');
  if (!held?.complete || Number.isNaN(watermark)) return { by: 'archive', ecosystem };
  onProgress?.(`${ecosystem}: asking what has changed`);
  const list = await bucket.list(ecosystem);
  if (list === undefined || list.ids.size === 0) return { by: 'archive', ecosystem };
  if (!allowRollback) guardList(list, watermark);
  const stored = all.get(ecosystem) ?? new Map<string, number>();
  const fetch = [...list.ids]
    .filter(([id, modified]) => isNews(modified, stored.get(id), watermark))
    .map(([id]) => id);
  if (fetch.length > MAX_CHANGES) return { by: 'archive', ecosystem };
  const removed = [...stored.keys()].filter((id) => !list.ids.has(id));
  return { by: 'delta', ecosystem, list, fetch, removed };
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

async function fetchDelta(
  bucket: Bucket,
  { ecosystem, list, fetch, removed }: Plan & { readonly by: 'delta' },
  { onProgress, now }: UpdateOptions,
): Promise<Delta> {
  const records = new Map<string, DeltaRecord>();
  await inParallel(fetch, PARALLEL, async (id) => {
    const bytes = await bucket.record(ecosystem, id);
    // Only the list says what is removed: a bucket that has lost its records would empty the mirror.
    records.set(id, bytes === undefined ? { id, problem: NOT_THERE } : { id, bytes });
    onProgress?.(`${ecosystem}: ${records.size} of ${fetch.length} records`);
  });
  const source: ImportSource = {
    name: 'modified_id.csv',
    sha256: list.sha256,
    ecosystems: [ecosystem],
    url: list.url,
    ...(list.etag === undefined ? {} : { etag: list.etag }),
    retrievedAt: now.toISOString(),
  };
  const changed = fetch.flatMap((id) => records.get(id) ?? []);
  return { ecosystem, changed, removed, source };
}

const NOT_THERE = 'expected the record that the list of ids names, got none';

async function fetchArchives(
  bucket: Bucket,
  ecosystems: readonly Ecosystem[],
  options: UpdateOptions,
): Promise<ChangeResult> {
  const { dbDir, onProgress, now, writeFs = systemFs } = options;
  const folder = makeDownloads(writeFs, dbDir);
  try {
    const fetched = new Map<string, FetchedFrom>();
    for (const ecosystem of ecosystems) {
      onProgress?.(`${ecosystem}: fetching the archive`);
      const target = join(folder, `${ecosystem}-${randomBytes(4).toString('hex')}.zip`);
      const download = await bucket.archive(ecosystem, target);
      fetched.set(target, { ecosystem, name: 'all.zip', ...download, retrievedAt: now.toISOString() });
    }
    return await importAdvisories({
      ...changeOptions(options, bucket),
      inputs: [...fetched.keys()],
      fetched,
    });
  } finally {
    removeQuietly(writeFs, folder);
  }
}

function changeOptions(options: UpdateOptions, bucket: Bucket): ChangeOptions {
  const { dbDir, allowRollback, now, signal, writeFs, onProgress } = options;
  return {
    dbDir,
    now,
    isLocked: true,
    url: bucket.url,
    ...(allowRollback === undefined ? {} : { allowRollback }),
    ...(signal === undefined ? {} : { signal }),
    ...(writeFs === undefined ? {} : { writeFs }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: ({ phase, done }) =>
            onProgress(`${phase === 'read' ? 'reading' : 'writing'} ${done} records`),
        }),
  };
}
