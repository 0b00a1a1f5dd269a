// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import type { WalkNote, WalkNoteKind } from '../platform/walk-state.ts';

/** What stands in every row of discovery; `files` is how many files the row speaks for. */
export interface RowFields {
  readonly target: string;
  readonly status: 'skipped' | 'failed';
  readonly cause: CoverageCause;
  readonly required: boolean;
  readonly message: string;
  readonly files?: number;
  readonly line?: number;
}

/** A coverage row of plugin `discover`. */
export function discoverRow(fields: RowFields): Coverage {
  const { target, status, cause, required, message, files = 1, line } = fields;
  const location = { uri: target, ...(line === undefined ? {} : { startLine: line }) };
  return {
    plugin: 'discover',
    target,
    status,
    cause,
    unit: 'files',
    expected: files,
    processed: 0,
    required,
    errors: [{ message, location }],
  };
}

/**
 * Rows for what the walk left out or could not read; nothing for what holds no manifest. A verdict needs a manifest
 * that cannot be read, and a directory that could hold one; it does not need what was left out on purpose.
 */
export function walkRows(notes: readonly WalkNote[], isManifest: (path: string) => boolean): Coverage[] {
  const rows: Coverage[] = [];
  for (const note of notes) {
    const manifests = note.found.filter(isManifest);
    if (manifests.length === 0 && note.found.length > 0 && !note.cut) continue;
    rows.push(noteRow(note, manifests));
  }
  return rows;
}

/** Failures that a verdict cannot do without, by kind; the rest was left out on purpose. */
const FAILURES = {
  limit: 'limit-exceeded',
  unreadable: 'unreadable',
  'link-broken': 'unreadable',
  'special-file': 'unreadable',
  'name-not-usable': 'unreadable',
} as const satisfies Partial<Record<WalkNoteKind, CoverageCause>>;

function noteRow(note: WalkNote, manifests: readonly string[]): Coverage {
  const target = note.path;
  if (isFailure(note.kind)) {
    const message = `${note.path}: ${note.message}`;
    return discoverRow({ target, status: 'failed', cause: FAILURES[note.kind], required: true, message });
  }
  if (manifests.length > 0 && note.kind.startsWith('link-')) {
    const message = `${note.path}: ${note.message}`;
    return discoverRow({ target, status: 'skipped', cause: 'unreadable', required: true, message });
  }
  const message = `not read: ${note.message}${holding(note, manifests)}`;
  const files = Math.max(manifests.length, 1);
  return discoverRow({ target, status: 'skipped', cause: 'excluded', required: false, message, files });
}

function isFailure(kind: WalkNoteKind): kind is keyof typeof FAILURES {
  return Object.hasOwn(FAILURES, kind);
}

function holding(note: WalkNote, manifests: readonly string[]): string {
  const [first] = manifests;
  const cut = note.cut ? '; it was not looked into to the end' : '';
  if (first === undefined || first === note.path) return cut;
  const count = manifests.length === 1 ? '1 manifest' : `${manifests.length} manifests`;
  return `; holds ${note.cut ? 'at least ' : ''}${count}, the first is ${first}${cut}`;
}
