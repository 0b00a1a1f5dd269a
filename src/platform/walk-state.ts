// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** Entries that a walk sees at most. */
export const ENTRY_LIMIT = 200_000;

/** Reads one directory; the order does not matter. */
export type ReadDirectory = (osPath: string) => Promise<Dirent[]>;

export interface WalkOptions {
  /** Directories and files to walk, as model paths; the whole tree by default. */
  readonly starts?: readonly string[];
  /** Whether the file of this name is of interest; anything else is passed over. */
  readonly wants: (path: string) => boolean;
  /** Whether a path, and all below it, is left out. */
  readonly excludes?: (path: string) => boolean;
  /** Directories read at once, 1 to 8. The result does not depend on it. */
  readonly concurrency?: number;
  /** Entries seen at most. */
  readonly entryLimit?: number;
  readonly readDirectory?: ReadDirectory;
  readonly signal?: AbortSignal;
}

export type WalkNoteKind =
  | 'excluded'
  | 'node-modules'
  | 'virtual-environment'
  | 'link-loop'
  | 'link-outside'
  | 'link-not-followed'
  | 'link-broken'
  | 'special-file'
  | 'unreadable'
  | 'name-not-usable'
  | 'limit';

/** Something that was not walked or cannot be read. */
export interface WalkNote {
  readonly path: string;
  readonly kind: WalkNoteKind;
  /** `expected X, got Y`, or why it was left out. */
  readonly message: string;
  /** Files of interest that stay unread because of it; for an excluded file the file itself. */
  readonly found: readonly string[];
  /** `found` may lack some. */
  readonly cut?: boolean;
}

export interface TreeWalk {
  /** Regular files of interest, sorted; a link to another of them is left out. */
  readonly files: readonly string[];
  /** Files of interest in the directories above the starts, and links left out of `files`: there, but not asked for. */
  readonly nearby: readonly string[];
  /** Sorted by path, then kind. */
  readonly notes: readonly WalkNote[];
}

/** An entry by both of its names. */
export interface Place {
  readonly osPath: string;
  readonly path: string;
  /** Lies in a virtual environment, at any depth. */
  readonly inEnvironment?: boolean;
}

/** A directory that is left out, with the reason. */
export interface Skip extends Place {
  readonly kind: 'excluded' | 'node-modules' | 'virtual-environment';
}

export interface WalkState {
  readonly root: string;
  readonly options: WalkOptions;
  readonly read: ReadDirectory;
  readonly files: Set<string>;
  readonly nearby: Set<string>;
  readonly notes: WalkNote[];
  readonly links: Place[];
  readonly skips: Skip[];
  /** Model paths of the directories walked. */
  readonly walked: Set<string>;
  /** Entries that may still be seen by the walk. */
  budget: number;
  /** Entries that may still be seen by looks into what is left out. */
  lookBudget: number;
  full: boolean;
}

/** The state of a walk that has not begun. */
export function newState(root: string, options: WalkOptions): WalkState {
  const limit = options.entryLimit ?? ENTRY_LIMIT;
  return {
    root,
    options,
    read: options.readDirectory ?? ((osPath) => readdir(osPath, { withFileTypes: true })),
    files: new Set(),
    nearby: new Set(),
    notes: [],
    links: [],
    skips: [],
    walked: new Set(),
    budget: limit,
    lookBudget: limit,
    full: false,
  };
}
