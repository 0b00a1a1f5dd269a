// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem } from './inventory.ts';
import { compareText } from './order.ts';

/** PEP 503: lower case, runs of `-`, `_` and `.` become one `-`. */
export function normalizePypiName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/**
 * The purl of a package. `name` is normalised for PyPI and kept for npm, whose scope becomes the namespace.
 * `qualifiers` tell a fork from the registry's package: `vcs_url` for git, `download_url` for a URL.
 *
 * Written here because packageurl-js lower-cases npm names, which makes `JSONStream` and `jsonstream`, two
 * packages of the registry, one. Parsing is left to packageurl-js.
 */
export function packagePurl(
  ecosystem: Ecosystem,
  name: string,
  version?: string,
  qualifiers?: Readonly<Record<string, string>>,
): string {
  const path = ecosystem === 'PyPI' ? `pypi/${encode(normalizePypiName(name))}` : `npm/${npmPath(name)}`;
  const purl = version === undefined ? `pkg:${path}` : `pkg:${path}@${encode(version)}`;
  return qualifiers === undefined ? purl : purl + query(qualifiers);
}

function query(qualifiers: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(qualifiers).sort(([a], [b]) => compareText(a, b));
  return pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${encode(value)}`).join('&')}`;
}

function npmPath(name: string): string {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return slash > 0 ? `%40${encode(name.slice(1, slash))}/${encode(name.slice(slash + 1))}` : encode(name);
}

const PLAIN = /^[A-Za-z0-9._~:-]*$/;

/** Percent-encodes all but letters, digits and `.-_~:`, as the purl specification asks. */
function encode(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
