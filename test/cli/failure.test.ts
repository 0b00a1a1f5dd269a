// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { reportFailure } from '../../src/cli/failure.ts';
import type { Io } from '../../src/cli/io.ts';
import { type ErrorCode, PlimsollError } from '../../src/platform/errors.ts';

function report(error: unknown, verbose = false) {
  const lines: string[] = [];
  const io: Io = {
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
    columns: 80,
    color: false,
    print: async () => {},
    fail: (line) => lines.push(line),
    note: () => {},
    detail: () => {},
    progress: () => {},
  };
  return { status: reportFailure(error, io, verbose), lines };
}

/** Written out here once more, since the statuses are an API. */
const STATUS = {
  usage: 2,
  'policy-invalid': 2,
  'file-not-found': 2,
  'file-unreadable': 3,
  'file-too-large': 3,
  'path-outside-root': 2,
  'parse-failed': 3,
  'limit-exceeded': 3,
  'data-missing': 3,
  'data-damaged': 3,
  'data-rollback': 3,
  'network-failed': 3,
  'network-refused': 2,
  'output-failed': 3,
  aborted: 130,
} as const satisfies Record<ErrorCode, number>;

describe('a failure that is foreseen', () => {
  it.each(Object.entries(STATUS) as [ErrorCode, number][])('%s: exit status %d', (code, status) => {
    expect(report(new PlimsollError(code, 'a.txt:1: expected X, got Y'))).toEqual({
      status,
      lines: ['error: a.txt:1: expected X, got Y'],
    });
  });

  it('has each line of its message, and its hint last', () => {
    const { lines } = report(new PlimsollError('policy-invalid', 'one\ntwo', { hint: 'do this' }));
    expect(lines).toEqual(['error: one', 'error: two', 'help: do this']);
  });
});

describe('a failure that is not foreseen', () => {
  const HELP = expect.stringMatching(/^help: this is a fault of plimsoll/);

  it.each<[string, unknown, string]>([
    ['an error', new TypeError('x is not a function'), 'x is not a function'],
    ['a string', 'text', 'text'],
    ['nothing', undefined, 'undefined'],
  ])('%s: exit status 70, as a fault of plimsoll', (_, thrown, message) => {
    expect(report(thrown)).toEqual({ status: 70, lines: [`internal error: ${message}`, HELP] });
    expect(EXIT.internal).toBe(70);
  });

  it('shows where with --verbose', () => {
    const { status, lines } = report(new Error('broken'), true);
    expect(status).toBe(70);
    expect(lines[0]).toBe('internal error: Error: broken');
    expect(lines.join('\n')).toContain('failure.test.ts');
  });
});
