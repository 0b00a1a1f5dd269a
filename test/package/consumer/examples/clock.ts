// SPDX-License-Identifier: Apache-2.0
import { scan, systemClock } from 'plimsoll';

export const replayed = await scan({
  root: '.',
  advisories: 'bundled',
  clock: systemClock({ now: new Date('2026-06-30T12:00:00Z') }),
});
