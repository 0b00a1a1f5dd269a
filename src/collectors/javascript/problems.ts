// SPDX-License-Identifier: Apache-2.0
import { errorAt, listErrors, MAX_LISTED_ERRORS } from '../../findings/coverage-errors.ts';
import type { Coverage, CoverageCause, CoverageError } from '../../model/coverage.ts';
import type { Skipped } from '../../model/inventory.ts';
import type { Location } from '../../model/location.ts';

/** What could not be read while the rest could. */
export interface Problems {
  /** `reason`: what was expected and what was found; `text`: what stands there, without credentials. */
  note(cause: CoverageCause, location: Location, text: string, reason: string): void;
  /** The first 1,000 of all causes. */
  readonly skipped: readonly Skipped[];
  /**
   * One `partial` row for each cause, in the order in which the causes came up. `expected` counts what was noted
   * too, so that all of it but that of its own cause is processed.
   */
  coverage(row: Omit<Coverage, 'status' | 'cause' | 'errors'>): Coverage[];
  /** How many were noted. */
  count(): number;
}

/** Notes what is wrong with an entry of the lock; `line` is that of its key. */
export type NoteEntry = (
  cause: 'unparsable' | 'limit-exceeded',
  line: number | undefined,
  /** What stands there; empty for the file as a whole. */
  key: string,
  reason: string,
) => void;

const MAX_SKIPPED = 1000;
const MAX_TEXT = 200;

export function noteProblems(project: string): Problems {
  const skipped: Skipped[] = [];
  const causes = new Map<CoverageCause, { count: number; errors: CoverageError[] }>();
  return {
    skipped,
    note(cause, location, text, reason) {
      const known = causes.get(cause) ?? { count: 0, errors: [] };
      causes.set(cause, known);
      known.count += 1;
      if (known.errors.length < MAX_LISTED_ERRORS) known.errors.push(errorAt(location, reason));
      if (skipped.length < MAX_SKIPPED) {
        skipped.push({ project, location, text: text.slice(0, MAX_TEXT), reason });
      }
    },
    coverage(row) {
      return [...causes].map(([cause, { count, errors }]) => {
        const processed = row.expected - count;
        return { ...row, processed, status: 'partial', cause, errors: listErrors(errors, count) };
      });
    },
    count: () => [...causes.values()].reduce((sum, { count }) => sum + count, 0),
  };
}
