// SPDX-License-Identifier: Apache-2.0
import { normalizePypiName } from '../../model/purl.ts';

/** Why a compiled file holds a requirement. */
export interface Via {
  /** A source file (`-r main.in`) or a project (`shop (pyproject.toml)`) asks for it. */
  readonly direct: boolean;
  /** Normalised names of the packages that ask for it, sorted as written. */
  readonly parents: readonly string[];
}

/**
 * Reads the `# via` annotation that pip-compile and uv write: `# via a, b` behind a line or below it, or `# via` alone
 * and one `#   name` per line. `comments` are the texts after `#`, in order. A constraint file (`-c`) is no reason.
 * `undefined` where there is no annotation, or none that names anything.
 */
export function parseVia(comments: readonly string[]): Via | undefined {
  const reasons: string[] = [];
  let inBlock = false;
  for (const comment of comments) {
    const list = /^\s*via(?:\s+(.*))?$/.exec(comment.trimEnd());
    const isItem: boolean = inBlock && /^\s{2}/.test(comment);
    if (isItem) reasons.push(comment);
    for (const reason of list?.[1]?.split(',') ?? []) reasons.push(reason);
    inBlock = isItem || (list !== null && list[1] === undefined);
  }
  const known = reasons.map((reason) => readReason(reason.trim()));
  const parents = known.flatMap((reason) => (reason && reason !== DIRECT ? [reason.parent] : []));
  const direct = known.includes(DIRECT);
  return direct || parents.length > 0 ? { direct, parents: [...new Set(parents)] } : undefined;
}

const DIRECT = { parent: '' } as const;

function readReason(reason: string): { readonly parent: string } | undefined {
  if (/^-r\s/.test(reason) || /^\S+ \([^()]*\)$/.test(reason)) return DIRECT;
  const name = /^([a-z0-9][a-z0-9._-]*)(?:\[[^[\]]*\])?$/i.exec(reason)?.[1];
  return name === undefined ? undefined : { parent: normalizePypiName(name) };
}
