// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Arborist, type Node } from '@npmcli/arborist';
import type { LockGraph } from '../../../src/collectors/javascript/lock-graph.ts';

/** What a reader of locks says of each install path: links, flags and edges as sorted text. */
export type Reading = ReadonlyMap<string, { readonly flags: string; readonly edges: readonly string[] }>;

/** npm's own reader, offline, on a copy of `folder`; `lock` is the path of the lock in it. */
export async function readWithArborist(folder: string, lock: string): Promise<Reading> {
  const copy = mkdtempSync(join(tmpdir(), 'plimsoll-arborist-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const tree = await new Arborist({ path: dirname(join(copy, lock)), offline: true }).loadVirtual();
    const reading = new Map<string, { flags: string; edges: string[] }>();
    for (const node of tree.inventory.values()) {
      if (node.isLink) {
        reading.set(node.location, { flags: `link to ${node.target.location}`, edges: [] });
        continue;
      }
      const edges = [...node.edgesOut.values()].flatMap(({ type, to }) =>
        to ? [`${type} ${to.isLink ? to.target.location : to.location}`] : [],
      );
      reading.set(node.location, { flags: flagsOfNode(node), edges: edges.sort() });
    }
    return reading;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The same of our own reading, before folding. */
export function readingOf(graph: LockGraph): Reading {
  return new Map(
    [...graph.nodes.values()].map((node) => {
      if (node.link !== undefined) return [node.path, { flags: `link to ${node.link}`, edges: [] }];
      const { dev, optional, devOptional, peer, extraneous } = graph.flagsOf(node);
      const bundled = graph.isBundled(node);
      const edges = graph.edgesOf(node).map(({ type, to }) => `${type} ${to.path}`);
      return [
        node.path,
        { flags: flagText({ dev, optional, devOptional, peer, extraneous, bundled }), edges: edges.sort() },
      ];
    }),
  );
}

export interface Difference {
  readonly path: string;
  readonly arborist: string;
  readonly ours: string;
}

/** Every path on which two readings differ, flags and edges apart, sorted by path. */
export function compareReadings(arborist: Reading, ours: Reading): Difference[] {
  const differences: Difference[] = [];
  for (const path of [...new Set([...arborist.keys(), ...ours.keys()])].sort()) {
    const [theirs, own] = [arborist.get(path), ours.get(path)];
    if (theirs === undefined || own === undefined) {
      differences.push({ path, arborist: theirs ? 'an entry' : 'none', ours: own ? 'an entry' : 'none' });
      continue;
    }
    if (theirs.flags !== own.flags) differences.push({ path, arborist: theirs.flags, ours: own.flags });
    for (const edge of theirs.edges) {
      if (!own.edges.includes(edge)) differences.push({ path, arborist: edge, ours: 'no such edge' });
    }
    for (const edge of own.edges) {
      if (!theirs.edges.includes(edge)) differences.push({ path, arborist: 'no such edge', ours: edge });
    }
  }
  return differences;
}

/** npm makes no edges for locks older than 5.1; we take what lies in the folder of an entry for what it asks for. */
export function isNestingEdge({ path, arborist, ours }: Difference): boolean {
  const target = ours.slice(ours.indexOf(' ') + 1);
  const name = target.slice(`${path}/node_modules/`.length);
  return (
    arborist === 'no such edge' &&
    target === `${path}/node_modules/${name}` &&
    !name.includes('node_modules/')
  );
}

function flagsOfNode(node: Node): string {
  const { dev, optional, peer, extraneous } = node;
  const devOptional = node.devOptional && !dev && !optional;
  // The root of a tree is never bundled, whatever the types say.
  return flagText({ dev, optional, devOptional, peer, extraneous, bundled: node.inBundle });
}

function flagText(flags: Readonly<Record<string, boolean>>): string {
  return Object.keys(flags)
    .filter((flag) => flags[flag])
    .join(' ');
}
