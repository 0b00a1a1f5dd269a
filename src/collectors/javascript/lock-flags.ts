// SPDX-License-Identifier: Apache-2.0

import type { GraphInput, LockEdge } from './lock-graph.ts';
import type { DepFlags, LockNode } from './lock-node.ts';
import type { Manifest } from './manifest.ts';
import { declaredRequests, effectiveRequests, workspaceRequest } from './requests.ts';

/**
 * Whether the root asks for what the lock was made for. If not, or if it cannot be told, npm does not trust the
 * flags of the lock and works them out anew. Format 1 does not say what the root asks for; npm then takes a
 * package.json with development dependencies for changed.
 */
export function isInSync(root: {
  readonly format: GraphInput['format'];
  readonly manifest: Manifest;
  readonly lockedRoot: Manifest;
  readonly workspaces: readonly string[];
}): boolean {
  const { format, manifest, lockedRoot, workspaces } = root;
  const wanted = effectiveRequests(manifest, { dev: true, workspaces });
  if (format !== 'packages') return !wanted.some((request) => request.type === 'dev');
  const locked = [...declaredRequests(lockedRoot), ...workspaces.map(workspaceRequest)];
  const lockedNames = new Set(locked.map((request) => request.name));
  const byName = new Map(wanted.map((request) => [request.name, request]));
  return (
    lockedNames.size === byName.size &&
    locked.every(({ name, type, spec }) => byName.get(name)?.type === type && byName.get(name)?.spec === spec)
  );
}

type Flags = { -readonly [Flag in keyof DepFlags]: DepFlags[Flag] };

/**
 * The flags of every entry from the graph alone, as npm's `calc-dep-flags` has them: all are set at first, and each
 * edge takes away what its way of asking does not bring along, until nothing changes. Each entry changes at most
 * five times, so the work is linear in the edges.
 */
export function computeFlags(
  nodes: readonly LockNode[],
  edgesOf: (node: LockNode) => readonly LockEdge[],
  parents: ReadonlyMap<LockNode, LockNode>,
): Map<LockNode, DepFlags> {
  const flags = new Map(nodes.map((node): [LockNode, Flags] => [node, initialFlags(node.path !== '')]));
  const open = nodes.slice(0, 1);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const from = flags.get(node);
    if (from === undefined) continue;
    if (!from.extraneous) keepParents(node, flags, parents);
    for (const edge of edgesOf(node)) {
      const to = flags.get(edge.to);
      if (to !== undefined && passOn(from, edge.type, to)) open.push(edge.to);
    }
  }
  for (const each of flags.values()) if (each.dev || each.optional) each.devOptional = false;
  return flags;
}

function initialFlags(set: boolean): Flags {
  return { dev: set, optional: set, devOptional: set, peer: set, extraneous: set };
}

/** What lies in the folder of an entry that nobody asks for would go with it. */
function keepParents(
  node: LockNode,
  flags: ReadonlyMap<LockNode, Flags>,
  parents: ReadonlyMap<LockNode, LockNode>,
): void {
  for (let parent = parents.get(node); parent !== undefined; parent = parents.get(parent)) {
    const flag = flags.get(parent);
    if (!flag?.extraneous) return;
    flag.extraneous = false;
  }
}

/** Takes from `to` every flag that this edge disproves, and tells whether there was one. */
function passOn(from: Flags, type: LockEdge['type'], to: Flags): boolean {
  const dev = type === 'dev';
  const optional = type === 'optional' || type === 'peerOptional';
  const peer = type === 'peer' || type === 'peerOptional';
  const isPlain = !from.dev && !from.optional && !from.devOptional && !dev && !optional;
  const gone = {
    // An optional peer does not get installed because of this edge.
    extraneous: to.extraneous && !from.extraneous && type !== 'peerOptional',
    dev: to.dev && !from.dev && !dev,
    optional: to.optional && !from.optional && !optional,
    devOptional: to.devOptional && isPlain,
    peer: to.peer && !from.peer && !peer,
  };
  for (const flag of ['extraneous', 'dev', 'optional', 'devOptional', 'peer'] as const) {
    if (gone[flag]) to[flag] = false;
  }
  return Object.values(gone).includes(true);
}
