// SPDX-License-Identifier: Apache-2.0
import type { Advisory } from '../../model/advisory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { inParallel } from '../../platform/pool.ts';
import { readAdvisory } from '../osv-record.ts';
import type { RecordCache } from './cache.ts';
import type { Transport } from './transport.ts';

/** A record, or why it could not be had. */
export type Hydrated = Advisory | { readonly failure: string };

/** The official client asks for a thousand at once; this is kinder. */
const PARALLEL = 25;
/** Ids as they are published; anything else would not be a path of the API. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/**
 * Full records of what the queries named.
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
    const held = cache.get(id, modified);
    const record = held === undefined ? undefined : readRecord(held, id);
    // A record without date could change unseen.
    if (record === undefined || 'failure' in record || modified === '') missing.push([id, modified]);
    else found.set(id, record);
  }
  let down: string | undefined;
  await inParallel(missing, PARALLEL, async ([id, modified]) => {
    if (down !== undefined || !ID.test(id)) {
      found.set(id, {
        failure: down ?? `expected the id of a record, got ${JSON.stringify(id.slice(0, 40))}`,
      });
      return;
    }
    try {
      const { status, text } = await transport({ path: `/v1/vulns/${encodeURIComponent(id)}` });
      const record = status === 200 ? readRecord(text, id) : { failure: `${id}: the API has no such record` };
      found.set(id, record);
      if (!('failure' in record) && record.modified === modified) cache.put(id, modified, text);
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
      down = error.message;
      found.set(id, { failure: error.message });
    }
  });
  return found;
}

function readRecord(text: string, id: string): Hydrated {
  try {
    const record = readAdvisory(JSON.parse(text));
    return record.id === id ? record : { failure: `${id}: the API answered with ${record.id.slice(0, 60)}` };
  } catch {
    return { failure: `${id}: the API answered with what is no record` };
  }
}
