// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Advisory } from '../../model/advisory.ts';
import { readAdvisory } from '../osv-record.ts';
import type { IndexKey } from './compact.ts';
import { readSmallFile } from './data-file.ts';
import { damaged } from './format.ts';
import { type Layer, openLayer, type StoredBody, type StoredRecord } from './layer.ts';
import {
  type ImportNote,
  type Manifest,
  OVERLAY_PREFIX,
  parseImportNote,
  parseManifest,
} from './manifest.ts';

/** An open generation: its directories are in memory, everything else is read where it lies. */
export interface Generation {
  /** sha256 of the manifest. */
  readonly sha256: string;
  readonly manifest: Manifest;
  /** Absent for the bundled data. */
  readonly note?: ImportNote;
  /** The records of a package, cut down to it, sorted by id. @throws PlimsollError `data-damaged` */
  lookup(key: IndexKey): readonly Advisory[];
  /** Full records; ids without one, or whose block is damaged, are left out. */
  records(ids: Iterable<string>): Map<string, Advisory>;
  /** The same as they are stored. */
  stored(ids: Iterable<string>): Map<string, StoredRecord>;
  /** Every body with the ecosystems it counts in. @throws PlimsollError `data-damaged` */
  bodies(): Generator<StoredBody>;
  /** What has changed since the base was built, those that were removed included. */
  readonly overlay?: Pick<Layer, 'bodies' | 'keys'>;
  close(): void;
}

const NO_RECORDS: readonly Advisory[] = [];

/**
 * Opens the generation in a directory: header, size and directory of its files are checked, and the manifest's
 * sha256 where it is known. Takes no lock; a file that is replaced or deleted meanwhile stays readable.
 *
 * @throws PlimsollError `data-damaged`
 */
export function openGeneration(directory: string, expected?: string): Generation {
  const { manifest, sha256 } = readManifest(directory, expected);
  const note = readNote(directory);
  const base = openLayer(directory, '', manifest);
  try {
    const overlay = manifest.overlay && openLayer(directory, OVERLAY_PREFIX, manifest.overlay);
    const stored = (ids: Iterable<string>) => readStored(base, overlay, ids);
    return {
      sha256,
      manifest,
      ...(note ? { note } : {}),
      lookup: (key) => overlay?.lookup(key) ?? base.lookup(key) ?? NO_RECORDS,
      records: (ids) => readRecords(stored(ids)),
      stored,
      bodies: () => readBodies(base, overlay),
      ...(overlay ? { overlay } : {}),
      close() {
        base.close();
        overlay?.close();
      },
    };
  } catch (error) {
    base.close();
    throw error;
  }
}

/** @throws PlimsollError `data-damaged`, also where it is not the `expected` one */
export function readManifest(directory: string, expected?: string): { manifest: Manifest; sha256: string } {
  const file = join(directory, 'manifest.json');
  const bytes = readSmallFile(file);
  if (bytes === undefined) throw damaged(file, 'a manifest', 'nothing');
  const sha256 = hash('sha256', bytes);
  // A later version first says so, whatever else it changes.
  const manifest = parseManifest(file, bytes);
  if (expected !== undefined && sha256 !== expected) throw damaged(file, `sha256 ${expected}`, sha256);
  return { manifest, sha256 };
}

/** When and from what the data were imported; absent for the bundled data. @throws PlimsollError `data-damaged` */
export function readNote(directory: string): ImportNote | undefined {
  const file = join(directory, 'import.json');
  const bytes = readSmallFile(file);
  return bytes && parseImportNote(file, bytes);
}

/** What the overlay has is newer than what the base has, also where it says that there is nothing left. */
function readStored(
  base: Layer,
  overlay: Layer | undefined,
  ids: Iterable<string>,
): Map<string, StoredRecord> {
  const wanted = [...ids];
  const newer = overlay?.stored(wanted) ?? new Map<string, StoredRecord>();
  const found = base.stored(wanted.filter((id) => !newer.has(id)));
  for (const [id, body] of newer) if (body.counts !== 0) found.set(id, body);
  return found;
}

function readRecords(stored: ReadonlyMap<string, StoredRecord>): Map<string, Advisory> {
  const found = new Map<string, Advisory>();
  for (const [id, { json }] of stored) {
    const record = readRecord(json);
    if (record?.id === id) found.set(id, record);
  }
  return found;
}

/** What has a right checksum and is no record was made by somebody else. */
function readRecord(json: unknown): Advisory | undefined {
  try {
    return readAdvisory(json);
  } catch {
    return undefined;
  }
}

function* readBodies(base: Layer, overlay: Layer | undefined): Generator<StoredBody> {
  if (overlay === undefined) {
    yield* base.bodies();
    return;
  }
  const ids: string[] = [];
  for (const body of overlay.bodies()) {
    ids.push((JSON.parse(body.bytes.toString('utf8')) as { readonly id: string }).id);
    if (body.counts !== 0) yield body;
  }
  yield* base.bodies(base.places(ids));
}
