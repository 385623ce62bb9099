// Mutation tests: the code is changed in one place after the other, and a test has to notice each change. How to run them, and
// what they leave: test/mutation/README.md.

const all = ['recon', 'store', 'link', 'view']

// The folders that `--mutate` names. Workers inherit the environment: vitest.mutation.config.ts reads there which tests to take.
const named = Array.from(
  process.argv
    .slice(2)
    .join(' ')
    .matchAll(/src\/(\w+)/g),
  ([, folder]) => folder,
)
process.env.MUTATED ??= [...new Set(named.length > 0 ? named : all)].join(',')
const folders = process.env.MUTATED.split(',')
const kept = `coverage/mutation/${folders.join('-')}`

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: folders.map(folder => `src/${folder}/**/*.ts`),
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A mutant that loops is mostly ended by how often it is reached. What waits instead is ended by time.
  timeoutMS: 2000,
  timeoutFactor: 1.5,
  // A second run takes over what neither the code nor the tests have changed.
  incremental: true,
  incrementalFile: `${kept}.json`,
  reporters: ['clear-text', 'progress-append-only', 'html'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false, skipFull: true },
  htmlReporter: { fileName: `${kept}.html` },
  thresholds: { high: 95, low: 90, break: null },
  tempDirName: 'coverage/mutation/sandbox',
  ignorePatterns: [
    '*',
    '!src',
    '!src/**',
    '!test',
    '!test/{unit,prop,mutation,support,fixtures}',
    '!test/{unit,prop,mutation,support,fixtures}/**',
    '!*.json',
    '!*.ts',
  ],
  disableTypeChecks: false,
  allowConsoleColors: false,
}
