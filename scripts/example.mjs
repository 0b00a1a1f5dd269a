// SPDX-License-Identifier: Apache-2.0
// `npm start`: the main job on the bundled example, offline. The example is meant to fail its policy; this script
// succeeds when it fails in just the way it should.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const expected = JSON.parse(readFileSync(join(root, 'fixtures', 'storefront', 'expected.json'), 'utf8'));
const out = mkdtempSync(join(tmpdir(), 'plimsoll-example-'));
const reports = ['report.json', 'report.sarif', 'report.md', 'sbom.cdx.json'].map((name) => join(out, name));

const args = [
  'scan',
  'fixtures/storefront',
  '--offline',
  '--advisories',
  'bundled',
  ...reports.flatMap((file) => ['-o', file]),
];
console.log(`$ plimsoll ${args.slice(0, 5).join(' ')} -o ...\n`);
const child = spawn(process.execPath, [join(root, 'dist', 'plimsoll.js'), ...args], {
  cwd: root,
  stdio: 'inherit',
});
const exitCode = await new Promise((resolve, reject) => {
  child.on('error', reject);
  child.on('close', (code) => resolve(code));
});

const report = JSON.parse(readFileSync(reports[0], 'utf8'));
const actual = { exitCode, result: report.verdict.result, findings: report.findings.length };
console.log(
  `\nThe example shop is meant to fail its gate: verdict ${actual.result}, exit code ${exitCode}, ${actual.findings} findings (with notes and the suppressed one).`,
);
if (JSON.stringify(actual) !== JSON.stringify(expected)) {
  rmSync(out, { recursive: true, force: true });
  console.error(
    `Expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}: this is a fault of plimsoll.`,
  );
  process.exit(1);
}
console.log('As expected. The reports of this run:');
for (const file of reports) console.log(`  ${file}`);
