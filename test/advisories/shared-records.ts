// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Ecosystem } from '../../src/model/inventory.ts';
import { SHARED_DATA } from '../support/shared-data.ts';

/** Every record of one ecosystem's archive in the corpus. */
export async function sharedRecords(ecosystem: Ecosystem): Promise<Advisory[]> {
  const bytes = readFileSync(join(SHARED_DATA, 'advisories', ecosystem, 'all.zip'));
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: false }, (error, zip) => {
      if (error) return reject(error);
      const reads: Promise<Advisory>[] = [];
      zip.on('entry', (entry) => reads.push(readEntry(zip, entry)));
      zip.on('end', () => resolve(Promise.all(reads)));
      zip.on('error', reject);
    });
  });
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Advisory> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(json(stream).then(readAdvisory));
    });
  });
}
