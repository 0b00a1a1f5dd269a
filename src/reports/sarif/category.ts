// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Subject } from '../../model/report.ts';

/**
 * `plimsoll/<tool>/<target>/`: the category under which GitHub keeps the alerts, the same from the first release on.
 * The target is the slug of the scan root relative to the repository root, `root` when equal. GitHub takes categories
 * that differ in case or punctuation alone for one, so what its slug does not tell apart from others (`a-b` from `a/b`)
 * gets eight digits of its sha256.
 */
export function sarifCategory({ path = '.' }: Subject, tool: string): string {
  const target = path === '.' || path === '' ? 'root' : slug(path);
  return `plimsoll/${/^[a-z0-9]+(-[a-z0-9]+)*$/.test(tool) ? tool : slug(tool)}/${target}/`;
}

function slug(text: string): string {
  const folded = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  if (/^[a-z0-9]+(\/[a-z0-9]+)*$/.test(text) && text !== 'root') return folded;
  const digest = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);
  return [folded, digest].filter((part) => part !== '').join('-');
}
