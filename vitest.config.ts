// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/package/consumer/**'],
    setupFiles: ['test/support/fuzz.ts'],
    testTimeout: process.env.PLIMSOLL_FUZZ_RUNS ? 240_000 : 20_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
