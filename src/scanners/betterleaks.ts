// SPDX-License-Identifier: Apache-2.0
import { readLeaks } from './gitleaks.ts';
import type { Scanner } from './scanner.ts';

/** The successor of gitleaks by its author. Its reports have the shape of those of gitleaks, so it must be named. */
export const betterleaks: Scanner = {
  id: 'betterleaks',
  name: 'Betterleaks',
  recognises: () => false,
  read: (report) => [readLeaks(report, 'betterleaks', 'Betterleaks')],
};
