// SPDX-License-Identifier: Apache-2.0
// Adds up the suites for `.ci/run`: arguments are the number of failed steps and vitest's JSON results. A suite that
// ran nothing is a failure, and so is a skipped test that does not say why in its title.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [failedSteps, ...files] = process.argv.slice(2);
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
// A failing suite is a failed step too; its tests are counted already.
const ok = failed === 0 && Number(failedSteps) === 0;
if (!ok && failed === 0) failed = Number(failedSteps);
process.exitCode = ok ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function readTests(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap((result) =>
    result.status === 'failed' && result.assertionResults.length === 0
      ? [{ status: 'failed', fullName: `${result.name} could not be loaded` }]
      : result.assertionResults,
  );
}
