import { defineConfig } from 'vitest/config'

const times = { testTimeout: 20_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    coverage: { provider: 'v8', include: ['src/**'] },
    projects: [
      { test: { ...times, name: 'source', include: ['test/{unit,prop,e2e}/**/*.test.ts'] } },
      {
        // What is built, in Node and in Chromium: one file at a time, as pages are timed, and after all else.
        test: {
          ...times,
          name: 'built',
          include: ['test/{dist,browser}/**/*.test.ts'],
          globalSetup: ['test/dist/build.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
