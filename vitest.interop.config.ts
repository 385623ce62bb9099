import { defineConfig } from 'vitest/config'

// Against real SwimOS hosts: one file at a time, and time enough for the first build of a host.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    include: ['test/interop/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 1_500_000,
  },
})
