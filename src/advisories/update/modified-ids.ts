// SPDX-License-Identifier: Apache-2.0
import { PlimsollError, parseError } from '../../platform/errors.ts';
import { readableDate } from '../osv-record.ts';

/** One line of `modified_id.csv`. */
export interface ModifiedId {
  readonly id: string;
  /** Milliseconds since 1970; -1 for what stands there instead of a date that is not known, such as `0001-01-01`. */
  readonly modified: number;
}

const MAX_LINE = 512;
const MAX_LINES = 5_000_000;
const LINE = /^([0-9T:.Z+-]{5,40}),([A-Za-z0-9][A-Za-z0-9._:-]{0,127})$/;

/**
 * Reads the list of all records of an ecosystem, `<RFC 3339>,<id>` a line, the newest first. One line that is
 * something else makes the whole list untrustworthy: what is missing in it would be taken for removed.
 *
 * @param file for messages
 * @returns the lines of each chunk: hundreds of thousands of them one by one would take longer than the rest of an update
 * @throws PlimsollError `parse-failed` with the line, `limit-exceeded`
 * @see https://google.github.io/osv.dev/data/#data-dumps
 */
export async function* readModifiedIds(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly ModifiedId[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw unreadable(file, number + 1, rest);
    const first = number + 1;
    number += lines.length;
    yield lines.map((line, i) => parseLine(file, first + i, line));
    if (number > MAX_LINES) {
      throw new PlimsollError('limit-exceeded', `${file}: expected at most ${MAX_LINES} lines, got more`);
    }
  }
  if (rest !== '') yield [parseLine(file, number + 1, rest)];
}

function parseLine(file: string, number: number, text: string): ModifiedId {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  const [, date = '', id] = LINE.exec(line) ?? [];
  if (id === undefined) throw unreadable(file, number, line);
  return { id, modified: readableDate(date) ?? -1 };
}

function unreadable(file: string, line: number, text: string): PlimsollError {
  return parseError(
    file,
    line,
    `expected a date, a comma and the id of a record, got ${JSON.stringify(text.slice(0, 60))}`,
  );
}
