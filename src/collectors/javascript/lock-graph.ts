// SPDX-License-Identifier: Apache-2.0
import type { Scope } from '../../model/inventory.ts';
import { workspaceMatcher } from '../workspace-glob.ts';
import { bundledByRoot } from './lock-bundles.ts';
import { computeFlags, isInSync } from './lock-flags.ts';
import type { DepFlags, LockNode } from './lock-node.ts';
import { isHoisted, walkTree } from './lock-tree.ts';
import type { Manifest } from './manifest.ts';
import {
  asksNothing,
  mustBeMet,
  type Request,
  type RequestType,
  scopeOf,
  type VisitRequest,
  visitRequests,
} from './requests.ts';

export interface LockEdge {
  /** Never a link: what a link points to. */
  readonly to: LockNode;
  readonly type: Exclude<RequestType, 'requires'>;
  /** Path of `to`. */
  readonly key: string;
  readonly kind: Scope;
}

/** A request that must be met and that nothing in the lock meets. */
interface UnmetRequest extends Request {
  readonly from: LockNode;
}

/** The entries of a lock with what npm makes of them, one for each install path. */
export interface LockGraph {
  /** By install path, links included, the root first. */
  readonly nodes: ReadonlyMap<string, LockNode>;
  readonly edgesOf: (node: LockNode) => readonly LockEdge[];
  readonly flagsOf: (node: LockNode) => DepFlags;
  /** Whether it comes inside of the tarball of another package, the root's own included. */
  readonly isBundled: (node: LockNode) => boolean;
  readonly unmet: readonly UnmetRequest[];
  /** Links whose target has no entry. */
  readonly danglingLinks: readonly LockNode[];
}

export interface GraphInput {
  /** `packages`: formats 2 and 3; `requires`: format 1; `nesting`: older npm. */
  readonly format: 'packages' | 'requires' | 'nesting';
  /** By install path, the root first. */
  readonly nodes: ReadonlyMap<string, LockNode>;
  /** Those of the nodes that are links. */
  readonly links: readonly LockNode[];
  /** What package.json says at a path, `''` for the root; it goes before what the lock says there. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** The root as the lock has it. */
  readonly lockedRoot: Manifest;
}

/** Follows npm's own reader (`loadVirtual` of `@npmcli/arborist`), against which it is tested. */
export function buildGraph({ format, nodes, links, manifests, lockedRoot }: GraphInput): LockGraph {
  const manifest = manifests.get('') ?? lockedRoot;
  const workspaces = workspaceNames(links, manifest.workspaces);
  const unmet: UnmetRequest[] = [];
  const parents = walkTree(nodes, (node, find, isTop) => {
    const isRoot = node.path === '';
    const asks = manifests.get(node.path) ?? (isRoot ? lockedRoot : node);
    if (!isRoot && asksNothing(asks)) return;
    const out: LockEdge[] = [];
    const follow: VisitRequest = (name, type, spec) => {
      const found = find(name);
      const edge = found && edgeTo(node, found, type, nodes);
      if (edge !== undefined) out.push(edge);
      else if (found === undefined && mustBeMet(type)) unmet.push({ name, type, spec, from: node });
    };
    visitRequests(asks, { dev: isTop, workspaces: isRoot ? workspaces : NO_NAMES }, follow);
    // A list that has grown has room for many more.
    if (out.length > 0) node.edges = out.slice();
  });
  const edgesOf = (node: LockNode) => node.edges;
  const isTrusted = format === 'nesting' || isInSync({ format, manifest, lockedRoot, workspaces });
  const flags = isTrusted ? undefined : computeFlags([...nodes.values()], edgesOf, parents);
  const bundled =
    format === 'packages' ? undefined : bundledByRoot(nodes, edgesOf, parents, manifest.bundles);
  return {
    nodes,
    edgesOf,
    unmet,
    danglingLinks: links.filter(({ link }) => link !== undefined && !nodes.has(link)),
    flagsOf: (node) => flags?.get(node) ?? node.flags,
    isBundled: (node) => node.bundled || bundled?.has(node) === true,
  };
}

const NO_NAMES: readonly string[] = [];

function edgeTo(
  from: LockNode,
  found: LockNode,
  type: RequestType,
  nodes: ReadonlyMap<string, LockNode>,
): LockEdge | undefined {
  const to = found.link === undefined ? found : nodes.get(found.link);
  if (to === undefined || to.link !== undefined) return undefined;
  // Damage is reported where it stands.
  if (to.damaged) return undefined;
  // Format 1 marks the optional entry, not the request; a request out of an optional entry tells nothing.
  const known =
    type === 'requires' ? (to.flags.optional && !from.flags.optional ? 'optional' : 'prod') : type;
  // Most packages are asked for by several others in one way: one object serves all of these edges.
  if (to.asked?.type !== known) to.asked = { to, type: known, key: to.path, kind: scopeOf(known) };
  return to.asked;
}

/** Names of the links in the root's `node_modules` whose targets the globs of the root name. */
function workspaceNames(links: readonly LockNode[], globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  const isMember = workspaceMatcher(globs);
  const names: string[] = [];
  for (const node of links) {
    const { alias, link } = node;
    if (alias !== undefined && link !== undefined && isHoisted(node) && isMember(link)) names.push(alias);
  }
  return names;
}
