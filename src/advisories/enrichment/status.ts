// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { openCurrentTable, type TableNote } from './store.ts';
import { ENRICHMENT_KINDS, type EnrichmentKind, type TableFacts } from './table-format.ts';

/** What `db status` shows of EPSS and KEV; a part that was not imported is absent. */
export interface EnrichmentStatus {
  readonly epss?: TableStatus;
  readonly kev?: TableStatus;
}

export type TableStatus =
  | (TableFacts & TableNote)
  /** What is wrong with it. */
  | { readonly damaged: string };

export function enrichmentStatus(dbDir: string): EnrichmentStatus {
  const status: { [kind in EnrichmentKind]?: TableStatus } = {};
  for (const kind of ENRICHMENT_KINDS) {
    const found = tableStatus(dbDir, kind);
    if (found !== undefined) status[kind] = found;
  }
  return status;
}

function tableStatus(dbDir: string, kind: EnrichmentKind): TableStatus | undefined {
  try {
    const current = openCurrentTable(dbDir, kind);
    if (current === undefined) return undefined;
    const { open, ...note } = current;
    open.close();
    return { ...open.facts, ...note };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { damaged: error.message };
  }
}
