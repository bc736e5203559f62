import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/loopback-only.ts', 'test/support/property-seed.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // A server of its own, perhaps far away or slow, gets more patience than the one in this process.
    testTimeout: process.env['TEST_MONGODB_URI'] ? 180_000 : 60_000,
    hookTimeout: process.env['TEST_MONGODB_URI'] ? 300_000 : 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
