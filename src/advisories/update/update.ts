// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ECOSYSTEMS, type Ecosystem } from '../../model/inventory.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import type { Http } from '../../platform/http.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { notingRefusal } from '../mirror/attempts.ts';
import type { ChangeOptions, ChangeResult } from '../mirror/change.ts';
import { applyDelta, storedIds } from '../mirror/delta.ts';
import { mergeQuarantines } from '../mirror/gather.ts';
import { makeDownloads } from '../mirror/generations.ts';
import type { StoredIds } from '../mirror/ids.ts';
import { importAdvisories } from '../mirror/import.ts';
import { takeLock } from '../mirror/lock.ts';
import type { FetchedFrom, MirroredEcosystem, Quarantine } from '../mirror/manifest.ts';
import { type MirrorStatus, mirrorStatus } from '../mirror/status.ts';
import { removeQuietly, systemFs, writeFailed } from '../mirror/write-fs.ts';
import { type Bucket, openBucket } from './bucket.ts';
import { type Plan, planOf } from './plan.ts';

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
  /** Records that could not be read, or were not there. */
  readonly quarantined: readonly Quarantine[];
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
  const { dbDir, now, writeFs = systemFs, allowRollback, onProgress } = options;
  const stored = status === undefined ? NOTHING : storedIds(dbDir);
  const plans = await notingRefusal(writeFs, { dbDir, now, url: bucket.url }, async () => {
    const made: Plan[] = [];
    for (const ecosystem of ECOSYSTEMS) {
      const held = status?.ecosystems.find(({ name }) => name === ecosystem);
      const ids = stored.get(ecosystem) ?? new Map<string, number>();
      made.push(await planOf(bucket, { ecosystem, held, stored: ids, now, allowRollback, onProgress }));
    }
    return made;
  });
  const whole = plans.filter((plan) => plan.by === 'archive').map(({ ecosystem }) => ecosystem);
  const deltas = plans.flatMap((plan) => (plan.by === 'delta' ? [plan.delta] : []));
  const results: ChangeResult[] = [];
  if (whole.length > 0) results.push(await fetchArchives(bucket, whole, options));
  if (deltas.length > 0) results.push(await applyDelta({ ...changeOptions(options, bucket), deltas }));
  const last = results.at(-1);
  if (last === undefined) throw new TypeError('an update without an ecosystem');
  const { generation, ecosystems } = last;
  return {
    url: bucket.url,
    updates: plans.map((plan) => whatWasDone(plan, ecosystems)),
    ecosystems,
    generation,
    changed: status?.generation !== generation,
    quarantined: mergeQuarantines(results.flatMap(({ quarantined }) => quarantined)),
  };
}

function whatWasDone(plan: Plan, ecosystems: readonly MirroredEcosystem[]): EcosystemUpdate {
  const { by, ecosystem } = plan;
  if (by === 'archive') {
    const fetched = ecosystems.find(({ name }) => name === ecosystem)?.records ?? 0;
    return { ecosystem, by, fetched, removed: 0 };
  }
  const { changed, removed } = plan.delta;
  const fetched = changed.filter(({ bytes }) => bytes !== undefined).length;
  return { ecosystem, by, fetched, removed: removed.length };
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
