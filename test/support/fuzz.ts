// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';

// `npm run fuzz` runs the property tests with this many cases each, where a test does not set its own number.
const runs = Number(process.env.PLIMSOLL_FUZZ_RUNS);
if (Number.isInteger(runs) && runs > 0) fc.configureGlobal({ numRuns: runs });
