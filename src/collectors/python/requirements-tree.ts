// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { compareText } from '../../model/order.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import type { CollectContext } from '../collector.ts';
import { parseRequirementsFile, type Statement } from './requirements-file.ts';

/** A file as it was read, or why it was not. */
type RequirementsFile = { readonly path: string } & (
  | { readonly statements: readonly Statement[] }
  | { readonly failure: { readonly code: PlimsollError['code']; readonly message: string } }
);

/** Every claimed file and all that they reach by `-r` and `-c`, by path. */
export type RequirementsTree = ReadonlyMap<string, RequirementsFile>;

/** Where an include line leads: a path below the scan root, or the reason why it is not followed. */
export type IncludeTarget = { readonly path: string } | { readonly reason: string };

/** Reads the claimed files and, file by file, what they include. Each file is read once. */
export async function readTree(
  manifests: readonly string[],
  context: CollectContext,
): Promise<RequirementsTree> {
  const tree = new Map<string, RequirementsFile>();
  const queue = [...manifests];
  for (let i = 0; i < queue.length; i++) {
    const path = queue[i] ?? '';
    if (tree.has(path)) continue;
    throwIfAborted(context.signal);
    const file = await readFile(path, context);
    tree.set(path, file);
    for (const included of includedPaths(file, { constraints: true })) queue.push(included);
  }
  return tree;
}

/**
 * What `-r TARGET` in `path` means: relative to the folder of the file it stands in. A URL is never fetched, a
 * variable never expanded, and nothing is read outside the scan root.
 */
export function resolveInclude(path: string, target: string): IncludeTarget {
  if (/^(?:https?|file):/i.test(target)) return { reason: 'a URL is never fetched' };
  if (/\$\{[A-Z0-9_]+\}/.test(target)) return { reason: 'an environment variable is never expanded' };
  const joined = posix.join(posix.dirname(path), target).normalize('NFC');
  const leaves = posix.isAbsolute(target) || joined === '..' || joined.startsWith('../');
  return leaves ? { reason: 'it lies outside the scan root' } : { path: joined };
}

/**
 * The claimed files that begin a project: those that no other file includes by `-r`, and of files that include each
 * other in a circle, entered from nowhere else, the code-unit first. Sorted. Linear (Kosaraju's components, in two
 * passes). `-c` does not count: a constraint adds no package, so the packages of a `requirements.txt` that another
 * file only constrains itself with would be in no project at all.
 */
export function findRoots(manifests: readonly string[], tree: RequirementsTree): string[] {
  const includes = new Map(
    [...tree].map(([path, file]) => [path, includedPaths(file, { constraints: false })]),
  );
  const includers = new Map<string, string[]>([...tree.keys()].map((path) => [path, []]));
  for (const [path, targets] of includes) {
    for (const target of targets) includers.get(target)?.push(path);
  }
  const componentOf = new Map<string, number>();
  const components: string[][] = [];
  const seen = new Set<string>();
  const finished = [...tree.keys()].flatMap((path) => finishOrder(path, includes, seen));
  for (const path of finished.reverse()) {
    if (componentOf.has(path)) continue;
    const members = finishOrder(path, includers, new Set(), (at) => !componentOf.has(at));
    for (const member of members) componentOf.set(member, components.length);
    components.push(members);
  }
  const claimed = new Set(manifests);
  const roots = components.flatMap((members, index) => {
    const entered = members.some((at) => includers.get(at)?.some((from) => componentOf.get(from) !== index));
    return entered
      ? []
      : members
          .filter((at) => claimed.has(at))
          .sort(compareText)
          .slice(0, 1);
  });
  return roots.sort(compareText);
}

async function readFile(path: string, context: CollectContext): Promise<RequirementsFile> {
  try {
    const bytes = await context.files.read(path);
    if (bytes) return { path, statements: parseRequirementsFile(bytes) };
    return { path, failure: { code: 'file-not-found', message: 'no such file' } };
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
    return { path, failure: { code: error.code, message: error.message } };
  }
}

function includedPaths(file: RequirementsFile, follow: { readonly constraints: boolean }): string[] {
  if (!('statements' in file)) return [];
  const paths = new Set<string>();
  for (const statement of file.statements) {
    if (statement.kind !== 'include' || (statement.constraint && !follow.constraints)) continue;
    const target = resolveInclude(file.path, statement.target);
    if ('path' in target) paths.add(target.path);
  }
  return [...paths];
}

/** Depth first from `start` without recursion: what was not seen before, each file after all that it leads to. */
function finishOrder(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
  follow: (path: string) => boolean = () => true,
): string[] {
  if (seen.has(start)) return [];
  seen.add(start);
  const finished: string[] = [];
  const stack = [{ path: start, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const target = edges.get(top.path)?.[top.next++];
    if (target === undefined) {
      finished.push(top.path);
      stack.pop();
    } else if (!seen.has(target) && follow(target)) {
      seen.add(target);
      stack.push({ path: target, next: 0 });
    }
  }
  return finished;
}
