// SPDX-License-Identifier: Apache-2.0
import type { Advisory } from '../../model/advisory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { inParallel } from '../../platform/pool.ts';
import { RECORD_LIMIT } from '../mirror/format.ts';
import { readAdvisory } from '../osv-record.ts';
import type { RecordCache } from './cache.ts';
import { failureOf, type Transport } from './transport.ts';

/** A record, or why it could not be had. */
export type Hydrated =
  | { readonly record: Advisory; readonly failure?: undefined }
  | {
      readonly failure: string;
      /** The API gave it, and it is no record. */
      readonly unreadable?: true;
    };

/** The official client asks for a thousand at once; this is kinder. */
const PARALLEL = 25;
/** One record can be at fault; after so many in a row it is the server. */
const MAX_FAILURES = 5;
/** Ids as they are published, of at most 100 characters; anything else would not be a path of the API. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/**
 * Full records of what the queries named. A record that cannot be had costs itself alone.
 * @param wanted `modified` by id, as the queries gave it
 * @throws PlimsollError `aborted`
 */
export async function hydrate(
  wanted: ReadonlyMap<string, string>,
  transport: Transport,
  cache: RecordCache,
): Promise<Map<string, Hydrated>> {
  const found = new Map<string, Hydrated>();
  const missing: [string, string][] = [];
  for (const [id, modified] of wanted) {
    const record = readHeld(cache, id, modified);
    if (record !== undefined) found.set(id, { record });
    else if (ID.test(id)) missing.push([id, modified]);
    else found.set(id, { failure: `expected the id of a record, got ${JSON.stringify(id.slice(0, 40))}` });
  }
  let failures = 0;
  let down: string | undefined;
  await inParallel(missing, PARALLEL, async ([id, modified]) => {
    if (down !== undefined) {
      found.set(id, { failure: `${id}: ${down}` });
      return;
    }
    try {
      const { status, text } = await transport({ path: `/v1/vulns/${id}`, maxBytes: RECORD_LIMIT });
      failures = 0;
      const hydrated = status === 200 ? readRecord(text, id) : { failure: `${id}: expected it, got none` };
      found.set(id, hydrated);
      // A record without date could change unseen.
      if (hydrated.failure === undefined && modified !== '' && hydrated.record.modified === modified) {
        cache.put(id, modified, text);
      }
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
      failures += 1;
      if (failures >= MAX_FAILURES) down = failureOf(error);
      found.set(id, { failure: `${id}: ${failureOf(error)}` });
    }
  });
  return found;
}

function readHeld(cache: RecordCache, id: string, modified: string): Advisory | undefined {
  const text = modified === '' ? undefined : cache.get(id, modified);
  const held = text === undefined ? undefined : readRecord(text, id);
  return held?.failure === undefined && held?.record.modified === modified ? held.record : undefined;
}

/** The record in a text that should be the JSON of it. */
export function readRecord(text: string, id: string): Hydrated {
  let record: Advisory;
  try {
    record = readAdvisory(JSON.parse(text));
  } catch {
    return { failure: `${id}: expected a record, got other JSON`, unreadable: true };
  }
  if (record.id === id) return { record };
  return { failure: `${id}: expected it, got ${JSON.stringify(record.id.slice(0, 60))}` };
}
