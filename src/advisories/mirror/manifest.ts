// SPDX-License-Identifier: Apache-2.0
import { ECOSYSTEMS, type Ecosystem } from '../../model/inventory.ts';
import { isObject } from '../json-object.ts';
import { damaged, FORMAT_VERSION } from './format.ts';

/**
 * `manifest.json` of a generation: content alone, so that the same records give the same bytes. Its sha256 is the
 * generation's name.
 */
export interface Manifest extends DataFiles {
  readonly format: typeof FORMAT_NAME;
  /** 2 where there is an overlay, which a reader that does not know of it must not pass over. */
  readonly version: typeof FORMAT_VERSION | typeof OVERLAY_VERSION;
  /** What has changed since `index` and `records` were built, in files of the same form. */
  readonly overlay?: DataFiles;
  /** Sorted by name. */
  readonly ecosystems: readonly MirroredEcosystem[];
  /** Sorted by ecosystems. */
  readonly quarantined: readonly Quarantine[];
}

export const FORMAT_NAME = 'plimsoll-advisories';
export const OVERLAY_VERSION = 2;

/** What the names of the overlay's files begin with. */
export const OVERLAY_PREFIX = 'overlay-';

export interface DataFiles {
  readonly index: DataFile;
  readonly records: DataFile;
}

export interface DataFile {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Packages of the index, records of the records file. */
  readonly count: number;
}

export interface MirroredEcosystem {
  readonly name: Ecosystem;
  /**
   * Whether an archive or folder of this ecosystem was imported. Where it is false the mirror holds single records,
   * or records of another ecosystem that also name its packages: what they hit is reported, that nothing else is
   * known is too.
   */
  readonly complete: boolean;
  readonly records: number;
  /** Records that are not withdrawn. */
  readonly live: number;
  /** The watermark: the newest readable `modified`, RFC 3339 in UTC. */
  readonly newestModified?: string;
}

/** Records that could not be read, of the archives that held these ecosystems. */
export interface Quarantine {
  readonly ecosystems: readonly Ecosystem[];
  readonly count: number;
  /** The first {@link QUARANTINE_SHOWN} by name. */
  readonly first: readonly QuarantinedRecord[];
}

export const QUARANTINE_SHOWN = 100;

export interface QuarantinedRecord {
  /** Name of the entry in its archive or folder. */
  readonly record: string;
  readonly reason: string;
}

/** `import.json` beside it: when and from what. */
export interface ImportNote {
  /** RFC 3339. */
  readonly retrievedAt: string;
  /** What the data of the generation were read from, sorted by name and sha256. */
  readonly sources: readonly ImportSource[];
}

/** What is known of a source that was fetched, besides what it holds. */
export interface FetchedFrom extends Pick<ImportSource, 'name' | 'url' | 'etag' | 'retrievedAt'> {
  /** What it must hold. */
  readonly ecosystem: Ecosystem;
}

export interface ImportSource {
  /** Last segment of the path. */
  readonly name: string;
  /** Of the file; of a folder, of the names and contents of its records. */
  readonly sha256: string;
  /** The ecosystems it holds. */
  readonly ecosystems: readonly Ecosystem[];
  /** Where it was fetched from, without credentials; absent for a file that somebody gave. */
  readonly url?: string;
  /** As the server sent it. */
  readonly etag?: string;
  /** RFC 3339; absent where it is that of the whole import. */
  readonly retrievedAt?: string;
}

/** The bytes of a JSON file of a generation. */
export function encodeJson(value: Manifest | ImportNote): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

/** @throws PlimsollError `data-damaged` */
export function parseManifest(file: string, bytes: Buffer): Manifest {
  const value = parseJson(file, bytes);
  if (!isObject(value) || value.format !== FORMAT_NAME)
    throw damaged(file, 'a manifest of advisories', 'another file');
  if (value.version !== FORMAT_VERSION && value.version !== OVERLAY_VERSION) {
    const known = `format version ${FORMAT_VERSION} or ${OVERLAY_VERSION}`;
    throw damaged(file, known, JSON.stringify(value.version) ?? 'none');
  }
  const whole =
    isDataFiles(value) &&
    (value.version === OVERLAY_VERSION ? isDataFiles(value.overlay) : value.overlay === undefined) &&
    isListOf(value.ecosystems, isMirroredEcosystem) &&
    isListOf(value.quarantined, isQuarantine);
  if (!whole) throw damaged(file, 'a manifest with all its keys', 'one without');
  return value as unknown as Manifest;
}

/** @throws PlimsollError `data-damaged` */
export function parseImportNote(file: string, bytes: Buffer): ImportNote {
  const value = parseJson(file, bytes);
  if (!isObject(value) || typeof value.retrievedAt !== 'string' || !isListOf(value.sources, isImportSource)) {
    throw damaged(file, 'a note with retrievedAt and sources', 'another file');
  }
  return value as unknown as ImportNote;
}

/** Quarantined records in all. */
export function quarantinedCount(manifest: Manifest): number {
  return manifest.quarantined.reduce((sum, { count }) => sum + count, 0);
}

function parseJson(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw damaged(file, 'JSON', bytes.length === 0 ? 'nothing' : 'something else', error);
  }
}

function isDataFiles(value: unknown): boolean {
  return isObject(value) && isDataFile(value.index) && isDataFile(value.records);
}

function isDataFile(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(value.sha256) &&
    isCount(value.size) &&
    isCount(value.count)
  );
}

function isMirroredEcosystem(value: unknown): boolean {
  return (
    isObject(value) &&
    isEcosystem(value.name) &&
    typeof value.complete === 'boolean' &&
    isCount(value.records) &&
    isCount(value.live) &&
    (value.newestModified === undefined || typeof value.newestModified === 'string')
  );
}

function isQuarantine(value: unknown): boolean {
  return (
    isObject(value) &&
    isListOf(value.ecosystems, isEcosystem) &&
    isCount(value.count) &&
    isListOf(
      value.first,
      (item) => isObject(item) && typeof item.record === 'string' && typeof item.reason === 'string',
    )
  );
}

function isImportSource(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    typeof value.sha256 === 'string' &&
    isListOf(value.ecosystems, isEcosystem) &&
    [value.url, value.etag, value.retrievedAt].every((each) => each === undefined || typeof each === 'string')
  );
}

function isEcosystem(value: unknown): boolean {
  return ECOSYSTEMS.some((name) => name === value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isListOf(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
