// SPDX-License-Identifier: Apache-2.0
import type { EnrichmentKind } from './table-format.ts';

/**
 * Where the publishers have their newest files. The address of EPSS redirects to the file of the day
 * (`epss_scores-YYYY-MM-DD.csv.gz` on the same host).
 *
 * @see https://www.first.org/epss/data_stats
 * @see https://www.cisa.gov/known-exploited-vulnerabilities-catalog
 */
export const ENRICHMENT_SOURCES = {
  epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
  kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
} as const satisfies Record<EnrichmentKind, string>;
