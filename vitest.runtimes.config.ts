import { defineConfig } from 'vitest/config'

// The built package in one runtime after the other; time enough to install each, once.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    include: ['test/runtimes/**/*.test.ts'],
    globalSetup: ['test/runtimes/consumer.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 600_000,
  },
})
