// SPDX-License-Identifier: Apache-2.0
import { consoleReporter } from './console.ts';
import { jsonReporter } from './json.ts';
import { markdownReporter } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { sarifReporter } from './sarif/build.ts';

/** Every format that renders a report; `sbom/` adds its own in the CLI. */
export const REPORTERS: readonly Reporter[] = [
  consoleReporter,
  jsonReporter,
  markdownReporter,
  sarifReporter,
];
