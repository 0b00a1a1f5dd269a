// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/package/consumer/**'],
    setupFiles: ['test/support/fuzz.ts'],
    // No module of plimsoll has state that can be seen, so files need no fresh process each: that is a third of the time.
    isolate: false,
    maxWorkers: '100%',
    testTimeout: process.env.PLIMSOLL_FUZZ_RUNS ? 240_000 : 20_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
