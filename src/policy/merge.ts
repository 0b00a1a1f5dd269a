// SPDX-License-Identifier: Apache-2.0
import type { PolicyReference } from '../model/verdict.ts';
import { isTree, type Tree, type YamlFile } from './yaml.ts';

export interface PolicyLayer extends YamlFile {
  readonly uri: string;
}

/** Lists to which every file adds; all other lists are replaced as a whole, as single values are. */
const APPENDED = new Set(['exceptions', 'coverage.ignore', 'licenses.clarify', 'licenses.exceptions']);
/** Either a mapping or not, so never a mixture of two files. */
const REPLACED = new Set(['licenses.allow', 'advisories.epss']);
/** Keys that are of one file, not of the policy. */
const OWN = new Set(['$schema', 'version', 'extends']);

/**
 * Lays policy files over each other, the most specific first: mappings key by key, values by the most specific
 * file that has them. `origins` gives the place of every key and list item of the result.
 */
export function mergeLayers(layers: readonly PolicyLayer[]): {
  data: Tree;
  origins: ReadonlyMap<string, PolicyReference>;
} {
  const origins = new Map<string, PolicyReference>();
  const parts = layers.map((layer) => ({
    layer,
    value: Object.fromEntries(Object.entries(layer.data).filter(([key]) => !OWN.has(key))),
  }));
  return { data: mergeTrees(parts, [], origins), origins };
}

interface Part {
  readonly layer: PolicyLayer;
  readonly value: unknown;
}

function mergeTrees(
  parts: readonly Part[],
  path: readonly string[],
  origins: Map<string, PolicyReference>,
): Tree {
  const keys = new Set(parts.flatMap((part) => (isTree(part.value) ? Object.keys(part.value) : [])));
  const merged: Record<string, unknown> = Object.create(null);
  for (const key of keys) {
    const inner = parts.flatMap(({ layer, value }) =>
      isTree(value) && key in value ? [{ layer, value: value[key] }] : [],
    );
    merged[key] = mergeKey(inner, [...path, key], origins);
  }
  return merged;
}

function mergeKey(
  parts: readonly Part[],
  path: readonly string[],
  origins: Map<string, PolicyReference>,
): unknown {
  const [first] = parts;
  if (!first) return undefined;
  const key = path.join('.');
  origins.set(key, { uri: first.layer.uri, line: first.layer.lineOf(path), key });
  if (APPENDED.has(key)) return appendItems(parts, path, origins);
  return isTree(first.value) && !REPLACED.has(key) ? mergeTrees(parts, path, origins) : first.value;
}

function appendItems(
  parts: readonly Part[],
  path: readonly string[],
  origins: Map<string, PolicyReference>,
): unknown[] {
  const key = path.join('.');
  const merged: unknown[] = [];
  for (const { layer, value } of parts) {
    if (!Array.isArray(value)) continue;
    for (const [index, item] of value.entries()) {
      const line = layer.lineOf([...path, index]);
      origins.set(`${key}.${merged.length}`, { uri: layer.uri, line, key });
      merged.push(item);
    }
  }
  return merged;
}
