// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryGroup } from '../model/advisory.ts';
import { compareText } from '../model/order.ts';
import { readableDate } from './osv-record.ts';

/**
 * Joins records that speak of one problem: union-find over `id` and `aliases`, never over `upstream` or `related`,
 * which tie together advisories that bundle several problems.
 *
 * @param records live records of one (ecosystem, package), in any order
 * @returns the group of each record id
 */
export function groupRecords(records: readonly Advisory[]): ReadonlyMap<string, AdvisoryGroup> {
  const parents = new Map<string, string>();
  for (const record of records) {
    for (const alias of record.aliases) union(parents, record.id, alias);
  }
  const byRoot = new Map<string, Advisory[]>();
  for (const record of records) {
    const root = find(parents, record.id);
    const members = byRoot.get(root);
    if (members) members.push(record);
    else byRoot.set(root, [record]);
  }
  const groups = new Map<string, AdvisoryGroup>();
  for (const members of byRoot.values()) {
    const group = toGroup(members);
    for (const { id } of members) groups.set(id, group);
  }
  return groups;
}

function toGroup(members: readonly Advisory[]): AdvisoryGroup {
  const [first] = [...members].sort(compareAge);
  if (!first) throw new TypeError('a group has at least one record');
  return {
    anchor: first.id,
    members: sortedSet(members.map((record) => record.id)),
    ids: sortedSet(members.flatMap((record) => [record.id, ...record.aliases])),
  };
}

/** Earliest `published` first; a record without a readable one comes last. */
function compareAge(a: Advisory, b: Advisory): number {
  const [x, y] = [publishedAt(a), publishedAt(b)];
  return x === y ? compareText(a.id, b.id) : x - y;
}

function publishedAt({ published }: Advisory): number {
  return (published === undefined ? undefined : readableDate(published)) ?? Number.POSITIVE_INFINITY;
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText);
}

function union(parents: Map<string, string>, a: string, b: string): void {
  const [x, y] = [find(parents, a), find(parents, b)];
  if (x !== y) parents.set(x, y);
}

/** The root of the set, halving the path on the way. */
function find(parents: Map<string, string>, id: string): string {
  let at = id;
  while (true) {
    const parent = parents.get(at);
    if (parent === undefined) return at;
    const grandparent = parents.get(parent);
    if (grandparent !== undefined) parents.set(at, grandparent);
    at = parent;
  }
}
