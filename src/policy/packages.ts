// SPDX-License-Identifier: Apache-2.0
import type { Component, Ecosystem } from '../model/inventory.ts';
import { normalizePypiName } from '../model/purl.ts';
import { satisfies } from '../versions/range.ts';

/** A package as a policy names it. */
export interface PackagePattern {
  /** Absent for a bare name, which is of any ecosystem. */
  readonly ecosystem?: Ecosystem;
  readonly name: string;
}

const ECOSYSTEM_OF_TYPE: ReadonlyMap<string, Ecosystem> = new Map([
  ['pypi', 'PyPI'],
  ['npm', 'npm'],
]);

/** Reads a bare name or a purl without version, qualifiers and subpath; `undefined` for anything else. */
export function parsePackage(text: string): PackagePattern | undefined {
  if (!text.startsWith('pkg:')) return /^\S+$/.test(text) ? { name: text } : undefined;
  const [, type, path] = /^pkg:([a-z]+)\/([^?#\s]+)$/.exec(text) ?? [];
  const ecosystem = ECOSYSTEM_OF_TYPE.get(type ?? '');
  if (ecosystem === undefined || path === undefined) return undefined;
  const name = decode(path);
  // The `@` of a scope is the only one that a name has.
  return name === undefined || name.lastIndexOf('@') > 0 ? undefined : { ecosystem, name };
}

/** Whether a component is the package a policy names, at one of the versions it names. */
export function isPackage(
  component: Component,
  wanted: { readonly package: string; readonly versions?: string },
): boolean {
  const pattern = parsePackage(wanted.package);
  if (!pattern) return false;
  const { ecosystem, name, version } = component;
  if (pattern.ecosystem !== undefined && pattern.ecosystem !== ecosystem) return false;
  const same = ecosystem === 'PyPI' ? normalizePypiName(pattern.name) === name : pattern.name === name;
  if (!same || wanted.versions === undefined) return same;
  if (ecosystem === undefined || version === undefined) return false;
  return satisfies(ecosystem, version, wanted.versions) === true;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
