import { defineConfig } from 'vitest/config'

// Against real SwimOS hosts, which are built first, and time enough for that.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/interop/hosts/build-all.ts'],
    // Most of them wait for others.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 1_500_000,
  },
})
