// SPDX-License-Identifier: Apache-2.0
// Adds up the suites for `.ci/run`: arguments are the number of failed steps, the findings of real scanners that tests
// asserted (a JSON object per line), and vitest's JSON results. A suite that ran nothing is a failure, and so are a
// skipped test that does not say why in its title and a scanner of which no finding was asserted.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Every scanner that plimsoll can run; a test holds the list against the source. */
const SCANNERS = ['bandit', 'detect-secrets', 'gitleaks', 'osv-scanner', 'pip-audit', 'semgrep', 'trivy'];

const [failedSteps, asserted, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files) {
  const tests = existsSync(file) ? readTests(file) : [];
  const ran = tests.filter((test) => test.status === 'passed' || test.status === 'failed');
  const silent = tests.filter((test) => !ran.includes(test) && !/\(skipped: .+\)/.test(test.fullName));
  passed += ran.filter((test) => test.status === 'passed').length;
  failed +=
    ran.filter((test) => test.status === 'failed').length + silent.length + (ran.length === 0 ? 1 : 0);
  if (ran.length === 0) console.log(`${basename(file)}: no test ran`);
  for (const test of silent) console.log(`skipped without a reason: ${test.fullName}`);
  for (const test of tests)
    if (/\(skipped: .+\)/.test(test.fullName) && !ran.includes(test))
      console.log(`skipped: ${test.fullName}`);
}
for (const line of scannerLines(existsSync(asserted) ? readFileSync(asserted, 'utf8') : '')) {
  console.log(line.text);
  if (!line.ok) failed += 1;
}
// A failing suite is a failed step too; its tests are counted already.
const ok = failed === 0 && Number(failedSteps) === 0;
if (!ok && failed === 0) failed = Number(failedSteps);
process.exitCode = ok ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function scannerLines(text) {
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return SCANNERS.map((id) => {
    const own = entries.filter((entry) => entry.id === id);
    const sum = own.reduce((total, entry) => total + entry.asserted, 0);
    const [{ version = '-', sha256 = '-' } = {}] = own;
    return { ok: sum > 0, text: `scanner ${id} ${version} sha256:${sha256}: ${sum} findings asserted` };
  });
}

function readTests(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap((result) =>
    result.status === 'failed' && result.assertionResults.length === 0
      ? [{ status: 'failed', fullName: `${result.name} could not be loaded` }]
      : result.assertionResults,
  );
}
