// SPDX-License-Identifier: Apache-2.0
import { visitKeys } from './json-keys.ts';
import {
  bareNode,
  entryFault,
  isObject,
  type JsonObject,
  type LockNode,
  MAX_TEXT,
  readNode,
} from './lock-node.ts';
import { normalizePath } from './npm-path.ts';
import type { NoteEntry } from './problems.ts';

/** The entries of `packages`, which formats 2 and 3 have, by install path, the root first. */
export function readPackages(packages: JsonObject, text: string, note: NoteEntry): Map<string, LockNode> {
  const keys = Object.keys(packages);
  const values = Object.values(packages);
  const lineOf = packageLines(text, keys.length, note);
  const nodes = new Map<string, LockNode>();
  nodes.set('', bareNode('', undefined, false));
  for (const [index, key] of keys.entries()) {
    const line = lineOf(key, index);
    const path = key.length > MAX_TEXT ? undefined : normalizePath(key);
    if (path === undefined) {
      const cause = key.length > MAX_TEXT ? 'limit-exceeded' : 'unparsable';
      note(cause, line, key, `expected a relative path of at most ${MAX_TEXT} characters`);
    } else if (nodes.has(path) && key !== '') {
      note('unparsable', line, key, 'expected one entry for each path, got two spellings of the same');
    } else nodes.set(path, readEntry(path, line, values[index], note));
  }
  return nodes;
}

function readEntry(path: string, line: number | undefined, raw: unknown, note: NoteEntry): LockNode {
  const fault = entryFault(raw);
  if (fault !== undefined || !isObject(raw)) {
    note('unparsable', line, path, fault ?? 'expected an object');
    return bareNode(path, line, true);
  }
  if (raw.link !== true) return readNode(path, line, raw);
  const target = raw.resolved;
  const link = typeof target === 'string' ? normalizePath(target.replace(/^file:/, '')) : undefined;
  if (link !== undefined && path !== '') return { ...readNode(path, line, raw), link };
  note('unparsable', line, path, 'expected a relative path as target of the link');
  return bareNode(path, line, true);
}

/**
 * Tells the line of each key of `packages`, asked for in the order of the object. What stands there twice is noted:
 * `JSON.parse`, and so npm, goes by the last, and a person who looks may see the first.
 */
function packageLines(
  text: string,
  count: number,
  note: NoteEntry,
): (key: string, index: number) => number | undefined {
  const keys: string[] = [];
  const lines: number[] = [];
  let found = false;
  visitKeys<'lock' | 'packages'>(text, 'lock', (state, key, line) => {
    if (state === 'packages') {
      keys.push(key);
      lines.push(line);
      return undefined;
    }
    if (key !== 'packages') return undefined;
    if (found) note('unparsable', line, key, 'expected packages once, got it again');
    found = true;
    keys.length = 0;
    lines.length = 0;
    return 'packages';
  });
  if (keys.length > count) noteRepeated(keys, lines, note);
  let byKey: Map<string, number | undefined> | undefined;
  return (key, index) => {
    // Without a repeated key the object has the order of the text, but for numbers, which come first.
    if (keys.length === count && keys[index] === key) return lines[index];
    byKey ??= new Map(keys.map((each, i) => [each, lines[i]]));
    return byKey.get(key);
  };
}

function noteRepeated(keys: readonly string[], lines: readonly number[], note: NoteEntry): void {
  const seen = new Set<string>();
  for (const [i, key] of keys.entries()) {
    if (seen.has(key)) note('unparsable', lines[i], key, 'expected one entry for each path, got another');
    seen.add(key);
  }
}
