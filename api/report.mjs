// The public API as committed text, an entry each: `npm run api:check` fails where the built types say otherwise, and
// `npm run api:update` writes anew what they say.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('..', import.meta.url))
const update = process.argv.includes('--update')
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
// The standalone bundle has the types of the main entry; the script of the worker exports nothing.
const unlike = ['./standalone', './shared-worker', './dist/swimlink-worker.min.js']
const entries = Object.entries(exports).filter(([name, { types }]) => types !== undefined && !unlike.includes(name))

const configs = entries.map(([name, { types }]) => {
  const reportFileName = name === '.' ? 'swimlink' : name.slice(2).replaceAll('/', '-')
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: root + types.slice(2),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'ESNext',
            moduleResolution: 'bundler',
            lib: ['ES2022', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
            types: ['node'],
            skipLibCheck: true,
            strict: true,
          },
          include: [`${root}dist/types`],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: `${root}api`,
        reportTempFolder: `${root}node_modules/.api`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' } },
        // Docstrings are written for people and editors; a tag such as @source is the house's own.
        tsdocMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: {
          default: { logLevel: 'warning' },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-unresolved-link': { logLevel: 'none' },
          // test/unit/docs/reference.test.ts
          'ae-undocumented': { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none' },
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
  })
})

// One look at all declarations does for every entry.
const compilerState = CompilerState.create(configs[0], {
  additionalEntryPoints: configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
})

for (const [at, [name]] of entries.entries()) {
  const { apiReportChanged, errorCount } = Extractor.invoke(configs[at], {
    compilerState,
    localBuild: update,
    messageCallback: message => {
      if (message.logLevel === 'info' || message.logLevel === 'verbose') message.handled = true
    },
  })
  if (errorCount > 0) fail(`${name}: the types can't be read`)
  if (apiReportChanged && !update) fail(`${name}: the API has changed; look at it, and run npm run api:update`)
}

function fail(message) {
  console.error(message)
  process.exitCode = 1
}
