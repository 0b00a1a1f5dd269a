// SPDX-License-Identifier: Apache-2.0
import type { Report } from '../model/report.ts';

export interface RenderOptions {
  /** Width of the terminal in columns; only the console format wraps. */
  readonly columns: number;
  readonly color: boolean;
}

/** Turns the one report value into text; pure, so that the same report always gives the same bytes. */
export interface Reporter {
  /** Format id, e.g. `console`, `json`. */
  readonly format: string;
  /** Chunks of the document, to be written in order. */
  render(report: Report, options: RenderOptions): Iterable<string>;
}
