import { defineConfig } from 'vitest/config'
import { tags } from './test/support/tags.js'

// For stryker.config.mjs, which says which folders are mutated. Each mutant is run with all tests here that reach it: so only those
// that are about a folder, and short walks.
const { MUTATED = 'recon,store,link,view' } = process.env
const also: Readonly<Record<string, string[]>> = {
  recon: ['test/prop/recon.test.ts'],
  view: ['test/prop/view.test.ts'],
}

// The same at each run, and short.
Object.assign(process.env, { REPLICA_RUNS: '400', PROP_RUNS: '100', VIEW_STEPS: '2000', VIEW_SEED: '7' })

export default defineConfig({
  test: {
    tags,
    tagsFilter: ['!many'],
    include: MUTATED.split(',').flatMap(folder => [`test/unit/${folder}/**/*.test.ts`, ...(also[folder] ?? [])]),
    // It builds the code for itself, in a process where no mutant is active.
    exclude: ['test/unit/recon/work.test.ts'],
    setupFiles: ['test/mutation/seed.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
  },
})
