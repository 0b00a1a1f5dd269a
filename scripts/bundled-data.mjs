// SPDX-License-Identifier: Apache-2.0
// Builds data/advisories from the facts-only archives beside the checkout. Same archives, same bytes.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importSource } from './import-source.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const facts = join(root, '..', 'shared', 'data', 'advisories-facts');
const target = join(root, 'data', 'advisories');
const archives = ['PyPI', 'npm'].map((ecosystem) => join(facts, ecosystem, 'all.zip'));

const NOTICE = `The files index, records and manifest.json in this directory are a snapshot of advisory records,
converted to plimsoll's own format. Only facts were taken: ids, aliases, ranges, versions, severity
vectors, dates and references. Summaries, details and credits were removed.

PyPI (PYSEC): the Python Packaging Advisory Database, https://github.com/pypa/advisory-database
at commit 3ccb6125, licensed under CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/
Changes: prose removed, format converted.

npm (NSWG-ECO): the Node.js Security Working Group's vulnerability data,
https://github.com/nodejs/security-wg at commit f1288d0, licensed under the MIT License:

The MIT License (MIT)

Copyright (c) 2018 Node.js Foundation

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to
deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING
FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.
`;

if (!archives.every((path) => existsSync(path))) {
  console.error(`bundled-data: ${facts} is not there; data/advisories stays as it is`);
  process.exit(1);
}

const { importAdvisories } = await importSource('src/advisories/mirror/import.ts');

const dbDir = mkdtempSync(join(tmpdir(), 'plimsoll-data-'));
try {
  // The time goes to import.json, which is not taken over; records dated ahead of it would be refused.
  const result = await importAdvisories({ dbDir, inputs: archives, now: new Date() });
  const generation = join(dbDir, readFileSync(join(dbDir, 'CURRENT'), 'utf8').trim());
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of ['index', 'records', 'manifest.json']) {
    copyFileSync(join(generation, name), join(target, name));
    console.log(`data/advisories/${name}: ${statSync(join(target, name)).size} bytes`);
  }
  writeFileSync(join(target, 'NOTICE'), NOTICE);
  for (const { name, records } of result.ecosystems) console.log(`${name}: ${records} records`);
  console.log(`generation ${result.generation}`);
} finally {
  rmSync(dbDir, { recursive: true, force: true });
}
