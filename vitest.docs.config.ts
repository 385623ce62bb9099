import { defineConfig } from 'vitest/config'

// The documentation's site, built and looked at in Chromium: half a minute and more, most of it the build.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    include: ['test/site/**/*.test.ts'],
    globalSetup: ['test/dist/build.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
})
