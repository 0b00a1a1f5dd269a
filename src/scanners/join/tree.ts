// SPDX-License-Identifier: Apache-2.0
import { lineHashes } from '../../findings/line-hash.ts';
import type { ToolReport } from '../../model/tool-report.ts';
import { createFileSource, fromModelPath, locate, toModelPath } from '../../platform/fs.ts';
import { inParallel } from '../../platform/pool.ts';

/** The scanned tree as far as reports speak of it. */
export interface ScannedTree {
  /** Where the paths of one report lie, by path as written. */
  places(paths: Iterable<string>): Promise<ReadonlyMap<string, TreePlace>>;
  /** The texts of files, by their `uri`; `undefined` where one cannot be read. */
  sources(uris: Iterable<string>): Promise<ReadonlyMap<string, SourceText | undefined>>;
}

export interface TreePlace {
  readonly uri: string;
  /** No file of the tree; the `uri` is a text, without what would tell of the machine. */
  readonly outside?: true;
}

export interface SourceText {
  /** The first is line 1. */
  readonly lines: readonly string[];
  /** See {@link lineHashes}. */
  hashes(): readonly string[];
}

/** Bytes of a file whose lines are looked at. */
const MAX_SOURCE = 16 * 1024 * 1024;
/** Files that are looked up or read at a time: each waits several times for the system. */
const AT_ONCE = 8;

/**
 * @param root real path of the tree
 * @param prefix where the tree lies in its repository, which tools may have scanned as a whole
 */
export function scannedTree(root: string, prefix = '.'): ScannedTree {
  const files = createFileSource(root, { limit: MAX_SOURCE });
  const known = new Map<string, Promise<boolean>>();
  const sources = new Map<string, Promise<SourceText | undefined>>();
  /** Of paths as written; undefined for those that are nowhere below the root. */
  const uris = new Map<string, string | undefined>();
  const has = (path: string) => {
    const found = known.get(path) ?? isThere(root, path);
    known.set(path, found);
    return found;
  };
  return {
    async places(paths) {
      const places = new Map<string, TreePlace>();
      const absolute: string[] = [];
      const written = [...new Set(paths)];
      const unknown = written.filter((path) => !uris.has(path));
      await inParallel(unknown, AT_ONCE, async (path) => {
        uris.set(path, await firstThat(has, candidates(path, root, prefix)));
      });
      for (const path of written) {
        const uri = uris.get(path);
        if (uri !== undefined) places.set(path, { uri });
        else if (isAbsolutePath(path)) absolute.push(path);
        else places.set(path, outsidePlace(path));
      }
      const base = await foreignBase(absolute.map(slashes), has);
      for (const path of absolute) {
        const rest = base === undefined ? undefined : slashes(path).slice(base.length);
        places.set(path, rest === undefined ? outsidePlace(path) : { uri: rest });
      }
      return places;
    },
    async sources(wanted) {
      const texts = new Map<string, SourceText | undefined>();
      await inParallel([...new Set(wanted)], AT_ONCE, async (uri) => {
        const text = sources.get(uri) ?? readSource(files, uri);
        sources.set(uri, text);
        texts.set(uri, await text);
      });
      return texts;
    },
  };
}

/** Where the paths of a report lie; those of an image are no files of the tree, whatever they are called. */
export async function placesOf(
  { elsewhere }: Pick<ToolReport, 'elsewhere'>,
  paths: Iterable<string>,
  tree: ScannedTree,
): Promise<ReadonlyMap<string, TreePlace>> {
  if (elsewhere !== true) return await tree.places(paths);
  return new Map([...paths].map((path) => [path, outsidePlace(path)]));
}

/** The place of what is no file of the tree. */
export function outsidePlace(path: string): TreePlace {
  return { uri: shortened(path), outside: true };
}

/** A target as a tool claims it, without the directories of its machine. */
export function shownTarget(target: string): string {
  return isAbsolutePath(target) ? shortened(target) : target;
}

/** The model paths that a path as written may mean, the likeliest first. */
function candidates(path: string, root: string, prefix: string): string[] {
  const written = path.startsWith('file://') ? decoded(path.slice('file://'.length)) : path;
  const ways = [...new Set([written, slashes(written)])].flatMap((way) => {
    const uri = relative(way, root);
    if (uri === undefined) return [];
    const below = prefix === '.' ? '' : `${prefix}/`;
    return below !== '' && uri.startsWith(below) ? [uri, uri.slice(below.length)] : [uri];
  });
  return ways.filter((uri) => uri !== '.');
}

function relative(path: string, root: string): string | undefined {
  try {
    return path.startsWith('/') ? toModelPath(path, root) : toModelPath(fromModelPath(path, root), root);
  } catch {
    return undefined;
  }
}

async function isThere(root: string, path: string): Promise<boolean> {
  return (await locate(root, path).catch(() => undefined)) !== undefined;
}

async function firstThat(has: (path: string) => Promise<boolean>, paths: readonly string[]) {
  for (const path of paths) if (await has(path)) return path;
  return undefined;
}

/**
 * The directory on another machine, or in a container, that is the root here: the first of those above all of the paths
 * below which every one of them is a file of the tree.
 */
async function foreignBase(paths: readonly string[], has: (path: string) => Promise<boolean>) {
  const [first] = paths;
  if (first === undefined) return undefined;
  for (let at = first.indexOf('/'); at !== -1; at = first.indexOf('/', at + 1)) {
    const base = first.slice(0, at + 1);
    if (!paths.every((path) => path.startsWith(base))) return undefined;
    const rests = paths.map((path) => path.slice(base.length));
    const found = await Promise.all(rests.map(async (rest) => isPlain(rest) && (await has(rest))));
    if (found.every((each) => each)) return base;
  }
  return undefined;
}

/** Not the root itself, nor what leads there or up. */
function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function isAbsolutePath(path: string): boolean {
  return /^(?:\/|file:\/\/|[A-Za-z]:[\\/])/.test(path);
}

function slashes(path: string): string {
  return path.replace(/^file:\/\//, '').replaceAll('\\', '/');
}

/** What is kept of a path that leads nowhere: all of a relative one, the end of any other. */
function shortened(path: string): string {
  const parts = slashes(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const isPlain = !isAbsolutePath(path) && !parts.includes('..');
  const kept = isPlain
    ? parts.join('/')
    : `…/${parts
        .filter((part) => part !== '..')
        .slice(-2)
        .join('/')}`;
  return kept === '' ? '?' : kept.normalize('NFC').toWellFormed();
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

async function readSource(files: ReturnType<typeof createFileSource>, uri: string) {
  const bytes = await files.read(uri).catch(() => undefined);
  if (bytes === undefined) return undefined;
  // With the byte order mark, which counts as a character.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let hashes: readonly string[] | undefined;
  return {
    lines: text.split(/\r\n|\r|\n/),
    hashes: () => {
      hashes ??= lineHashes(text);
      return hashes;
    },
  };
}
