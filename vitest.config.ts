import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { tags } from './test/support/tags.js'

// Nothing measures time, so that files run side by side: on two cores, two. Most of them wait for others, which is why one core is
// given two as well.
const times = {
  testTimeout: 20_000,
  hookTimeout: 60_000,
  // What is looked at again and again until it holds may be slow on a busy machine.
  expect: { poll: { timeout: 10_000 } },
  maxWorkers: Math.max(2, availableParallelism()),
}

export default defineConfig({
  test: {
    reporters: ['default', './test/support/longest-files.ts', './test/support/closing-lines.ts'],
    tags,
    coverage: { provider: 'v8', include: ['src/**'] },
    projects: [
      // Units own their time and change nothing that others see: what they import is read once for all.
      { test: { ...times, name: 'unit', include: ['test/unit/**/*.test.ts'], pool: 'threads', isolate: false } },
      {
        test: {
          ...times,
          name: 'source',
          include: ['test/{prop,e2e,hostile}/**/*.test.ts'],
          globalSetup: ['test/dist/pack.ts'],
        },
      },
      {
        // What is built, in Node and in Chromium.
        test: {
          ...times,
          name: 'built',
          include: ['test/{dist,browser}/**/*.test.ts'],
          globalSetup: ['test/dist/pack.ts'],
          testTimeout: 60_000,
          // Tests that are marked as concurrent wait for what comes late.
          maxConcurrency: 11,
        },
      },
    ],
  },
})
