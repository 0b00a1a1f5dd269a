// SPDX-License-Identifier: Apache-2.0

/** The title of a test that runs on some machines alone; where it is skipped, the reason stands in it. */
export function skipTitle(title: string, skipped: boolean, reason: string): string {
  return skipped ? `${title} (skipped: ${reason})` : title;
}
