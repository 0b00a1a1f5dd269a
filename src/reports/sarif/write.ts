// SPDX-License-Identifier: Apache-2.0
import { batched, jsonChunks } from '../json.ts';
import type { SarifRun } from './run.ts';

/**
 * The text of a log, two-space indented, with each result on a line of its own: results are many, and are made and
 * forgotten one by one.
 */
export function* logText(runs: readonly SarifRun[]): Generator<string> {
  yield '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n  "version": "2.1.0",\n  "runs": ';
  let separator = '[';
  for (const run of runs) {
    yield `${separator}\n    `;
    yield* runText(run);
    separator = ',';
  }
  yield `${runs.length === 0 ? '[]' : '\n  ]'}\n}\n`;
}

function* runText({ results, invocations, properties, ...head }: SarifRun): Generator<string> {
  let separator = '{';
  for (const [key, value] of Object.entries(head)) {
    yield `${separator}\n      ${JSON.stringify(key)}: `;
    yield* jsonChunks(value, 3);
    separator = ',';
  }
  yield `${separator}\n      "results": `;
  yield* batched(lines(results));
  // What the results lack is known when they have been written.
  for (const [key, value] of Object.entries({ invocations: invocations(), properties })) {
    yield `,\n      ${JSON.stringify(key)}: `;
    yield* jsonChunks(value, 3);
  }
  yield '\n    }';
}

function* lines(texts: Iterable<string>): Generator<string> {
  let separator = '[';
  for (const text of texts) {
    yield `${separator}\n        ${text}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : '\n      ]';
}
