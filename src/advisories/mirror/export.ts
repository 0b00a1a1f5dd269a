// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Ecosystem } from '../../model/inventory.ts';
import { compareText } from '../../model/order.ts';
import { openCurrent } from './generations.ts';
import { createOutput } from './output.ts';
import type { Generation } from './reader.ts';
import { ecosystemBit } from './staging.ts';
import { systemFs, type WriteFs, writeFailed, writeWhole } from './write-fs.ts';
import { createZip } from './zip-writer.ts';

export interface ExportOptions {
  readonly dbDir: string;
  /** Made where it does not exist; what it has of these ecosystems is replaced. */
  readonly target: string;
  /** All that the mirror holds where absent. */
  readonly ecosystems?: readonly Ecosystem[];
  readonly writeFs?: WriteFs;
}

export interface Exported {
  readonly ecosystem: Ecosystem;
  /** Records, withdrawn ones included. */
  readonly records: number;
  /** Of the archive. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * Writes the records of a mirror in the layout of OSV's bucket: `<ECOSYSTEM>/all.zip` and `<ECOSYSTEM>/modified_id.csv`,
 * the newest first. The same records give the same bytes; imported, they give the same answers.
 *
 * @throws PlimsollError `data-missing`, `data-damaged`, `output-failed`, `limit-exceeded`
 */
export function exportMirror({ dbDir, target, ecosystems, writeFs = systemFs }: ExportOptions): Exported[] {
  const generation = openCurrent(dbDir);
  try {
    const held = generation.manifest.ecosystems.map(({ name }) => name);
    const wanted = ecosystems ?? held;
    return held
      .filter((name) => wanted.includes(name))
      .map((ecosystem) => exportEcosystem(generation, ecosystem, join(target, ecosystem), writeFs));
  } catch (error) {
    throw writeFailed(target, error);
  } finally {
    generation.close();
  }
}

function exportEcosystem(
  generation: Generation,
  ecosystem: Ecosystem,
  folder: string,
  writeFs: WriteFs,
): Exported {
  writeFs.mkdirSync(folder, { recursive: true });
  const temporary = join(folder, '.all.zip.tmp');
  writeFs.rmSync(temporary, { force: true });
  const output = createOutput(writeFs, temporary);
  const lines: string[] = [];
  try {
    const zip = createZip(output);
    for (const { id, modified, bytes } of sortedBodies(generation, ecosystem)) {
      // Ids come from outside, and become names that somebody may unpack.
      zip.add(`${encodeURIComponent(id).replace(/^\./, '%2E')}.json`, bytes);
      lines.push(`${modified},${id}\n`);
    }
    zip.finish();
    const { sha256, size } = output.finish();
    writeFs.renameSync(temporary, join(folder, 'all.zip'));
    writeWhole(writeFs, folder, 'modified_id.csv', Buffer.from(lines.sort().reverse().join('')));
    return { ecosystem, records: lines.length, sha256, size };
  } finally {
    output.close();
    writeFs.rmSync(temporary, { force: true });
  }
}

/** Bodies by id: an overlay and its base are two sorted lists. Only the places are held at once. */
function* sortedBodies(
  generation: Generation,
  ecosystem: Ecosystem,
): Generator<{ id: string; modified: string; bytes: Buffer }> {
  const ids: { readonly id: string; readonly modified: string }[] = [];
  for (const { counts, bytes } of generation.bodies()) {
    if ((counts & ecosystemBit(ecosystem)) === 0) continue;
    const { id, modified } = JSON.parse(bytes.toString('utf8')) as { id: string; modified?: unknown };
    ids.push({ id, modified: typeof modified === 'string' ? modified : '' });
  }
  ids.sort((a, b) => compareText(a.id, b.id));
  for (let from = 0; from < ids.length; from += STEP) {
    const step = ids.slice(from, from + STEP);
    const stored = generation.stored(step.map(({ id }) => id));
    for (const { id, modified } of step) {
      const body = stored.get(id);
      if (body) yield { id, modified, bytes: body.bytes };
    }
  }
}

const STEP = 5000;
