// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { readZip } from '../../src/advisories/mirror/zip.ts';
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Ecosystem } from '../../src/model/inventory.ts';
import { SHARED_DATA } from '../support/shared-data.ts';

/** Every record of one ecosystem's archive in the corpus. */
export function sharedRecords(ecosystem: Ecosystem): Advisory[] {
  const path = join(SHARED_DATA, 'advisories', ecosystem, 'all.zip');
  const file = openSync(path, 'r');
  try {
    return Array.from(readZip(path, file, fstatSync(file).size), ({ bytes = Buffer.of() }) =>
      readAdvisory(JSON.parse(bytes.toString('utf8'))),
    );
  } finally {
    closeSync(file);
  }
}
