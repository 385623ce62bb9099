import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-lines.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    include: ['test/{unit,prop,e2e}/**/*.test.ts'],
    coverage: { provider: 'v8', include: ['src/**'] },
  },
})
