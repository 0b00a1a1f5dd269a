// SPDX-License-Identifier: Apache-2.0
import { asObject } from '../json-object.ts';

/** One page of the answer to one query. */
export interface WirePage {
  readonly records: readonly (readonly [id: string, modified: string])[];
  /** Absent on the last page. */
  readonly token?: string;
}

/**
 * The pages of an answer of `querybatch`: `{results: [{vulns?: [{id, modified}], next_page_token?}]}`. Unknown keys
 * are passed over; `undefined` for anything that, read leniently, would turn records into none.
 */
export function readPages(value: unknown): readonly WirePage[] | undefined {
  const results = asObject(value)?.results;
  if (!Array.isArray(results)) return undefined;
  const pages: WirePage[] = [];
  for (const result of results) {
    const page = readPage(result);
    if (page === undefined) return undefined;
    pages.push(page);
  }
  return pages;
}

/** Why the API refuses a request, in its own words. */
export function readRefusal(value: unknown): string {
  const message = asObject(value)?.message;
  return typeof message === 'string' && message !== '' ? message.slice(0, MAX_MESSAGE) : 'no reason is given';
}

const MAX_MESSAGE = 200;

function readPage(result: unknown): WirePage | undefined {
  const fields = asObject(result);
  if (fields === undefined) return undefined;
  // Protocol Buffers leave out what is empty, and let their JSON spell a name in either way.
  const vulns = fields.vulns ?? [];
  const token = fields.next_page_token ?? fields.nextPageToken ?? '';
  if (!Array.isArray(vulns) || typeof token !== 'string') return undefined;
  const records: (readonly [string, string])[] = [];
  for (const vuln of vulns) {
    const { id, modified } = asObject(vuln) ?? {};
    if (typeof id !== 'string' || id === '') return undefined;
    records.push([id, typeof modified === 'string' ? modified : '']);
  }
  return { records, ...(token === '' ? {} : { token }) };
}
