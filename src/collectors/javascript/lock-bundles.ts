// SPDX-License-Identifier: Apache-2.0
import type { LockEdge } from './lock-graph.ts';
import type { LockNode } from './lock-node.ts';

/**
 * The entries that the root carries in its own tarball: the named ones, what they need beside them, and what lies in
 * their folders. Format 1 marks only what dependencies bundle; the later formats mark both.
 */
export function bundledByRoot(
  nodes: readonly LockNode[],
  edges: ReadonlyMap<LockNode, readonly LockEdge[]>,
  parents: ReadonlyMap<LockNode, LockNode>,
  names: readonly string[],
): Set<LockNode> {
  const bundled = new Set<LockNode>();
  if (names.length === 0) return bundled;
  const root = nodes[0];
  const inside = new Map<LockNode, LockNode[]>();
  for (const [node, parent] of parents) {
    const siblings = inside.get(parent);
    if (siblings) siblings.push(node);
    else inside.set(parent, [node]);
  }
  const paths = new Set(names.map((name) => `node_modules/${name}`));
  const open = nodes.filter((node) => paths.has(node.path));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (bundled.has(node)) continue;
    bundled.add(node);
    const needed = (edges.get(node) ?? []).map((edge) => edge.to).filter((to) => parents.get(to) === root);
    open.push(...needed, ...(inside.get(node) ?? []));
  }
  return bundled;
}
