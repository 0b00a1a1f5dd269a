// SPDX-License-Identifier: Apache-2.0
import { type Difference, isNestingEdge } from '../collectors/javascript/arborist-oracle.ts';

export interface ExplainedDifference {
  readonly lock: string;
  readonly count: number;
  readonly reason: string;
  readonly explains: (difference: Difference) => boolean;
}

const RUNTIME = 'node_modules/@babel/runtime';

/** Where our reading of a corpus lock differs from npm's, and why ours stays. */
export const EXPLAINED_DIFFERENCES: readonly ExplainedDifference[] = [
  {
    lock: 'package-lock/saleor__saleor__a7256643',
    count: 3,
    reason:
      'packages without `dev` require one that the lock marks `dev`; npm makes that a development dependency of an installed package and then drops it, we keep what the lock says is required',
    explains: ({ arborist, ours }) => arborist === 'no such edge' && ours === `prod ${RUNTIME}`,
  },
  {
    lock: 'package-lock/saleor__saleor__a7256643',
    count: 2,
    reason: 'the package of those edges, and the one that it requires, are runtime dependencies by them',
    explains: ({ path, arborist, ours }) => path.startsWith(RUNTIME) && arborist === 'dev' && ours === '',
  },
  ...[
    { lock: 'npm-shrinkwrap/npm__cli__cab7d8aa', count: 731 },
    { lock: 'npm-shrinkwrap/saleor__saleor__de2d1e33', count: 241 },
  ].map((row) => ({
    ...row,
    reason: 'the lock is older than `requires`: npm makes no edges, we take what nesting tells',
    explains: isNestingEdge,
  })),
];
