// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Subject } from '../../model/report.ts';

/**
 * `plimsoll/<tool>/<target>/`: the category under which GitHub keeps the alerts, the same from the first release on.
 * The target is the slug of the scan root relative to the repository root, `root` when equal. GitHub takes categories
 * that differ in case or punctuation alone for one, so what its slug does not tell apart from others (`a-b` from `a/b`)
 * gets eight digits of its sha256. A further part of a run has its number behind: `plimsoll/<tool>/<target>/2/`.
 */
export function sarifCategory({ path = '.' }: Subject, tool: string, part = 1): string {
  const target = path === '.' || path === '' ? 'root' : slug(path);
  const name = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(tool) ? tool : slug(tool);
  return `plimsoll/${name}/${target}/${part === 1 ? '' : `${part}/`}`;
}

function slug(text: string): string {
  const folded = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  const isPlain = /^[a-z0-9]+(\/[a-z0-9]+)*$/.test(text) && text !== 'root';
  // `app/2` is not to be taken for the second part of `app`.
  if (isPlain && !/\/\d+$/.test(text)) return folded;
  const digest = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);
  return [folded, digest].filter((part) => part !== '').join('-');
}
