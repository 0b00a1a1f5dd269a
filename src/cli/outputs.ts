// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { PlimsollError, throwIfAborted } from '../platform/errors.ts';
import { writeFileAtomic } from '../platform/fs.ts';
import type { Io } from './io.ts';

/** A document that goes to a file besides what standard output gets. */
export interface OutputFile {
  readonly format: string;
  readonly path: string;
}

/** Longest first, so that `.cdx.json` is not taken for `.json`. */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['.sarif.json', 'sarif'],
  ['.cdx.json', 'cyclonedx'],
  ['.cdx.xml', 'cyclonedx-xml'],
  ['.spdx.json', 'spdx'],
  ['.sarif', 'sarif'],
  ['.html', 'html'],
  ['.json', 'json'],
  ['.csv', 'csv'],
  ['.md', 'markdown'],
];

const SYNONYMS: Readonly<Record<string, string>> = {
  'cyclonedx-json': 'cyclonedx',
  'spdx-json': 'spdx',
  md: 'markdown',
};

/** The canonical id of a format this command has. @throws PlimsollError `usage` */
export function formatId(text: string, available: readonly string[]): string {
  const id = Object.hasOwn(SYNONYMS, text) ? SYNONYMS[text] : text;
  if (id !== undefined && available.includes(id)) return id;
  throw new PlimsollError('usage', `format: expected one of ${available.join(', ')}, got ${text}`);
}

/** Reads `FORMAT=FILE` or `FILE`, whose suffix names the format. @throws PlimsollError `usage` */
export function parseOutput(text: string, available: readonly string[]): OutputFile {
  const equals = text.indexOf('=');
  const left = text.slice(0, Math.max(equals, 0));
  if (/^[a-z][a-z0-9-]*$/.test(left)) {
    const path = text.slice(equals + 1);
    if (path === '' || path === '-') {
      const got = path === '' ? 'none' : 'standard output, which -f is for';
      throw new PlimsollError('usage', `-o: expected a file after ${left}=, got ${got}`);
    }
    return { format: formatId(left, available), path };
  }
  const suffix = SUFFIXES.find(([ending]) => text.endsWith(ending));
  if (suffix !== undefined) return { format: formatId(suffix[1], available), path: text };
  if (available.length === 1 && available[0] !== undefined) return { format: available[0], path: text };
  throw new PlimsollError(
    'usage',
    `-o: expected FORMAT=FILE or a known suffix, got ${JSON.stringify(text)}`,
    {
      hint: `for example: -o ${available.at(-1) ?? 'json'}=${text}`,
    },
  );
}

/**
 * Writes every document: the files first, so that a reader of standard output finds them complete.
 * `render` is called once per document. An interrupted run writes no further one.
 */
export async function writeOutputs(
  io: Io,
  stdoutFormat: string,
  files: readonly OutputFile[],
  render: (format: string, toFile: boolean) => Iterable<string>,
): Promise<void> {
  for (const { format, path } of files) {
    throwIfAborted(io.signal);
    await writeFileAtomic(resolve(io.cwd, path), render(format, true));
  }
  throwIfAborted(io.signal);
  await io.print(render(stdoutFormat, false));
}
