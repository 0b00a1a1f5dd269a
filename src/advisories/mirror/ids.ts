// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { ECOSYSTEMS, type Ecosystem } from '../../model/inventory.ts';
import { readableDate } from '../osv-record.ts';
import { readSmallFile } from './data-file.ts';
import type { DataFiles } from './manifest.ts';
import { openGeneration } from './reader.ts';
import { type EcosystemBits, ecosystemBit, type StagedRecord } from './staging.ts';
import { type WriteFs, writeWhole } from './write-fs.ts';

/**
 * Beside the data files: id, time and ecosystems of every record of the base, so that an update need not read all
 * bodies to tell what is new or gone. Not part of what a generation is; without it the bodies are read.
 */
export const IDS = 'ids';

const LIMIT = 512 * 1024 * 1024;

/** One line per record, `COUNTS MODIFIED ID`, deflated behind the sha256 of the records file and of itself. */
export function writeIds(
  writeFs: WriteFs,
  directory: string,
  records: readonly StagedRecord[],
  files: DataFiles,
): void {
  const text = records
    .map(({ id, modified, counts }) => `${counts} ${modified} ${JSON.stringify(id)}\n`)
    .join('');
  const packed = deflateSync(text, { level: 1 });
  writeWhole(writeFs, directory, IDS, Buffer.concat([checksum(packed, files), packed]));
}

/** The milliseconds since 1970 of the `modified` of each record, -1 where it cannot be read, by ecosystem and id. */
export type StoredIds = ReadonlyMap<Ecosystem, ReadonlyMap<string, number>>;

/**
 * The ids that the generation in a directory counts in each ecosystem, withdrawn ones included.
 * @throws PlimsollError `data-damaged`
 */
export function idsOfGeneration(directory: string, name: string): StoredIds {
  const generation = openGeneration(directory, name);
  try {
    const stored = ECOSYSTEMS.map((each) => ({
      name: each,
      bit: ecosystemBit(each),
      ids: new Map<string, number>(),
    }));
    const put = ({ id, modified, counts }: IdLine) => {
      for (const { bit, ids } of stored) {
        if ((counts & bit) !== 0) ids.set(id, modified);
        else ids.delete(id);
      }
    };
    const base = readIds(directory, generation.manifest);
    for (const line of base ?? bodiesOf(generation.bodies())) put(line);
    // Read from the bodies, the base has the overlay in it.
    if (base !== undefined) for (const line of bodiesOf(generation.overlay?.bodies() ?? [])) put(line);
    return new Map(stored.map((each) => [each.name, each.ids]));
  } finally {
    generation.close();
  }
}

interface IdLine {
  readonly id: string;
  readonly modified: number;
  readonly counts: EcosystemBits;
}

function readIds(directory: string, files: DataFiles): IdLine[] | undefined {
  try {
    const bytes = readSmallFile(join(directory, IDS));
    const packed = bytes?.subarray(CHECKSUM_BYTES);
    if (packed === undefined || !bytes?.subarray(0, CHECKSUM_BYTES).equals(checksum(packed, files)))
      return undefined;
    const text = inflateSync(packed, { maxOutputLength: LIMIT }).toString('utf8');
    return text.split('\n').filter(Boolean).map(readLine);
  } catch {
    return undefined;
  }
}

function readLine(line: string): IdLine {
  const [counts, modified] = line.split(' ', 2);
  const id = line.slice(`${counts} ${modified} `.length);
  return { id: JSON.parse(id) as string, modified: Number(modified), counts: Number(counts) };
}

function* bodiesOf(
  bodies: Iterable<{ readonly counts: EcosystemBits; readonly bytes: Buffer }>,
): Generator<IdLine> {
  for (const { counts, bytes } of bodies) {
    const { id, modified } = JSON.parse(bytes.toString('utf8')) as { id: string; modified?: unknown };
    yield { id, counts, modified: (typeof modified === 'string' ? readableDate(modified) : undefined) ?? -1 };
  }
}

const CHECKSUM_BYTES = 32;

function checksum(packed: Buffer, { records }: DataFiles): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(records.sha256), packed]), 'buffer');
}
