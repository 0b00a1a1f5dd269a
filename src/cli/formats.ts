// SPDX-License-Identifier: Apache-2.0

/** Format ids per command, the first is what standard output gets by default; kept apart from what renders them. */
export const FORMATS = {
  scan: ['console', 'json', 'markdown', 'sarif', 'cyclonedx'],
  sbom: ['cyclonedx'],
  sarif: ['sarif'],
  licenses: ['console', 'json'],
  db: ['console', 'json'],
} as const satisfies Record<string, readonly [string, ...string[]]>;
