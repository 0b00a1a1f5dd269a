// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../../findings/coverage-errors.ts';
import type { Coverage } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';

/** Counts what was asked for and what could not be had, by ecosystem. */
export interface GapLedger {
  expect(target: string): void;
  /** @param name of the package or commit; one counts once, whatever is said of it */
  add(target: string, name: string, reason: string): void;
  /** A row per target, sorted. */
  rows(): Coverage[];
}

interface Tally {
  expected: number;
  /** Names by reason. */
  readonly failures: Map<string, string[]>;
}

export function gapLedger(): GapLedger {
  const tallies = new Map<string, Tally>();
  const tallyOf = (target: string) => {
    const tally = tallies.get(target) ?? { expected: 0, failures: new Map() };
    tallies.set(target, tally);
    return tally;
  };
  return {
    expect(target) {
      tallyOf(target).expected += 1;
    },
    add(target, name, reason) {
      const { failures } = tallyOf(target);
      const names = failures.get(reason);
      if (names === undefined) failures.set(reason, [name]);
      else names.push(name);
    },
    rows: () =>
      [...tallies].sort(([a], [b]) => compareText(a, b)).map(([target, tally]) => rowOf(target, tally)),
  };
}

function rowOf(target: string, { expected, failures }: Tally): Coverage {
  const row = { plugin: 'advisories', target, unit: 'packages', required: true, expected } as const;
  if (failures.size === 0) return { ...row, status: 'succeeded', processed: expected, errors: [] };
  const failed = new Set([...failures.values()].flat()).size;
  const messages = [...failures].map(([reason, names]) => messageOf(reason, names)).sort(compareText);
  return {
    ...row,
    status: failed < expected ? 'partial' : 'failed',
    cause: 'advisory-source-failed',
    processed: expected - failed,
    errors: listErrors(messages.map((message) => ({ message }))),
  };
}

/** A server that is away is one problem, and not one of each package. */
function messageOf(reason: string, names: readonly string[]): string {
  const [first = ''] = [...names].sort(compareText);
  return names.length === 1
    ? `${first}: ${reason}`
    : `${reason} (for ${names.length} packages, ${first} the first)`;
}
