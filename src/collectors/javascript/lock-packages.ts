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
  const lines = packageLines(text);
  const nodes = new Map<string, LockNode>();
  nodes.set('', bareNode('', undefined, false));
  for (const [key, raw] of Object.entries(packages)) {
    const line = lines.get(key);
    const path = key.length > MAX_TEXT ? undefined : normalizePath(key);
    if (path === undefined) {
      const cause = key.length > MAX_TEXT ? 'limit-exceeded' : 'unparsable';
      note(cause, line, key, `expected a relative path of at most ${MAX_TEXT} characters`);
    } else if (nodes.has(path) && key !== '') {
      note('unparsable', line, key, 'expected one entry for each path, got two spellings of the same');
    } else nodes.set(path, readEntry(path, line, raw, note));
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
  if (link !== undefined) return { ...readNode(path, line, raw), link };
  note('unparsable', line, path, 'expected a relative path as target of the link');
  return bareNode(path, line, true);
}

/** The line of each key of `packages`. */
function packageLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  visitKeys<'lock' | 'packages'>(text, 'lock', (state, key, line) => {
    if (state === 'packages') lines.set(key, line);
    return state === 'lock' && key === 'packages' ? 'packages' : undefined;
  });
  return lines;
}
