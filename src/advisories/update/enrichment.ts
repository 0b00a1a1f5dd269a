// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import type { Http } from '../../platform/http.ts';
import { requestRetrying } from '../../platform/http-retry.ts';
import { givenUrl, shownUrl } from '../../platform/http-rules.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { ENRICHMENT_SOURCES } from '../enrichment/addresses.ts';
import type { EnrichmentInput } from '../enrichment/import.ts';
import type { EnrichmentKind } from '../enrichment/table-format.ts';

const LIMIT = 128 * 1024 * 1024;
const TIMEOUT = 120_000;

/**
 * How to get EPSS scores or the KEV catalogue, from an https address: that of the publisher where none is given.
 *
 * @returns the act; it throws PlimsollError `network-failed`, `network-refused`, `limit-exceeded`, `aborted`
 * @throws PlimsollError `usage` (no network, or no such address), before anything is asked
 */
export function enrichmentFetch(
  kind: EnrichmentKind,
  address: string | undefined,
  http: Http | undefined,
  retry: RetryPolicy,
): () => Promise<EnrichmentInput> {
  const url = givenUrl(address ?? ENRICHMENT_SOURCES[kind], 'a file is fetched by https alone');
  if (http === undefined) {
    throw new PlimsollError('usage', `${shownUrl(url)}: expected a network, got an offline run`, {
      hint: `import a file instead: plimsoll db import --${kind} FILE; or leave it out: --no-${kind}`,
    });
  }
  return async () => {
    const bytes = await requestRetrying({
      http,
      request: { url: url.href, timeout: TIMEOUT, maxBytes: LIMIT },
      retry,
      accepts: [200],
      expected: 'a file',
      read: async (response) => ({ value: await response.bytes() }),
    });
    return { bytes, name: basename(url.pathname), url: shownUrl(url) };
  };
}
