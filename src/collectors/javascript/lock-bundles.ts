// SPDX-License-Identifier: Apache-2.0
import type { LockEdge } from './lock-graph.ts';
import type { LockNode } from './lock-node.ts';
import { isHoisted } from './lock-tree.ts';

/**
 * The entries that the root carries in its own tarball: the named ones, what they need beside them, and what lies in
 * their folders. Format 1 marks only what dependencies bundle; the later formats mark both.
 */
export function bundledByRoot(
  nodes: ReadonlyMap<string, LockNode>,
  edgesOf: (node: LockNode) => readonly LockEdge[],
  parents: ReadonlyMap<LockNode, LockNode>,
  names: readonly string[],
): Set<LockNode> {
  const bundled = new Set<LockNode>();
  if (names.length === 0) return bundled;
  const nested = new Map<LockNode, LockNode[]>();
  for (const [node, parent] of parents) append(nested, parent, node);
  const open = names.map((name) => nodes.get(`node_modules/${name}`));
  while (open.length > 0) {
    const node = open.pop();
    if (node === undefined || bundled.has(node)) continue;
    bundled.add(node);
    const needed = edgesOf(node).map((edge) => edge.to);
    open.push(...needed.filter(isHoisted), ...(nested.get(node) ?? []));
  }
  return bundled;
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
