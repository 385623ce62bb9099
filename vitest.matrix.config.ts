import { defineConfig } from 'vitest/config'
import { tags } from './test/support/tags.js'

// The package beside other people's packages, at both ends of what works: slow, as npm has to install them, once.
export default defineConfig({
  test: {
    tags,
    reporters: ['default', './test/support/closing-lines.ts'],
    include: ['test/matrix/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
})
