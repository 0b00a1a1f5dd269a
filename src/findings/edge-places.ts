// SPDX-License-Identifier: Apache-2.0
import type { DependencyNode } from '../model/inventory.ts';

/** Where the edges of each node lead, by the places of the nodes in their list. */
export interface EdgePlaces {
  /** Of each node: where its edges end in `targets`; they begin where those of the node before end. */
  readonly ends: readonly number[];
  /** Negative for what is no node. */
  readonly targets: readonly number[];
}

const remembered = new WeakMap<readonly DependencyNode[], EdgePlaces>();

/** Whoever makes the nodes knows the places, and must not change the list after that. */
export function rememberEdgePlaces(nodes: readonly DependencyNode[], places: EdgePlaces): void {
  remembered.set(nodes, places);
}

/** Looked up by ref where nobody knows them, which is most of the work of a search in the graph. */
export function edgePlaces(nodes: readonly DependencyNode[]): EdgePlaces {
  const known = remembered.get(nodes) ?? findEdgePlaces(nodes);
  remembered.set(nodes, known);
  return known;
}

function findEdgePlaces(nodes: readonly DependencyNode[]): EdgePlaces {
  const placeOf = new Map<string, number>();
  for (const [place, { ref }] of nodes.entries()) placeOf.set(ref, place);
  const ends: number[] = [];
  const targets: number[] = [];
  for (const { dependsOn } of nodes) {
    for (const { ref } of dependsOn) targets.push(placeOf.get(ref) ?? -1);
    ends.push(targets.length);
  }
  return { ends, targets };
}
