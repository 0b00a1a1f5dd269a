// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/package/consumer/**'],
    testTimeout: 20_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
