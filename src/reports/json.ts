// SPDX-License-Identifier: Apache-2.0
import type { Reporter } from './reporter.ts';

/** The report as it is, two-space indented; the schema is `schemas/report.schema.json`. */
export const jsonReporter: Reporter = {
  format: 'json',
  *render(report) {
    yield* batched(jsonChunks(report));
    yield '\n';
  },
};

const STREAMED_DEPTH = 3;
const CHUNK = 64 * 1024;

/**
 * The text of `JSON.stringify(value, null, 2)` in pieces: arrays and objects down to the third level are walked,
 * so that the text of a report with 50,000 components is never in memory as a whole.
 */
export function* jsonChunks(value: unknown, depth = 0): Generator<string> {
  if (depth >= STREAMED_DEPTH || typeof value !== 'object' || value === null) {
    yield indented(JSON.stringify(value, null, 2) ?? 'null', depth);
    return;
  }
  const isArray = Array.isArray(value);
  const entries: [string, unknown][] = isArray
    ? value.map((item: unknown) => ['', item])
    : Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) {
    yield isArray ? '[]' : '{}';
    return;
  }
  const pad = '  '.repeat(depth + 1);
  let separator = isArray ? '[' : '{';
  for (const [key, item] of entries) {
    yield `${separator}\n${pad}${isArray ? '' : `${JSON.stringify(key)}: `}`;
    yield* jsonChunks(item, depth + 1);
    separator = ',';
  }
  yield `\n${'  '.repeat(depth)}${isArray ? ']' : '}'}`;
}

/** Joins small pieces, since each becomes a write. */
export function* batched(pieces: Iterable<string>): Generator<string> {
  let buffer: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    buffer.push(piece);
    length += piece.length;
    if (length < CHUNK) continue;
    yield buffer.join('');
    buffer = [];
    length = 0;
  }
  if (length > 0) yield buffer.join('');
}

function indented(text: string, depth: number): string {
  return depth === 0 ? text : text.replaceAll('\n', `\n${'  '.repeat(depth)}`);
}
