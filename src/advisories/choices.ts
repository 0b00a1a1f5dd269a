// SPDX-License-Identifier: Apache-2.0

/** `auto` is a fresh mirror, else the API, else a stale mirror; the bundled snapshot is never chosen by itself. */
export const ADVISORY_CHOICES = ['auto', 'mirror', 'osv', 'bundled'] as const;
export type AdvisoryChoice = (typeof ADVISORY_CHOICES)[number];
