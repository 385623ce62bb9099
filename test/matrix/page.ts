// docs/ENVIRONMENTS.md, made from what the matrix tries: `npm run docs:environments` writes it, and a test holds it to this.
import { environments } from './environments.js'
import { compilers, frameworks, installers, neighbours, schemas } from './versions.js'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

/** `zod-4.6` at `npm:zod@4.6.7` is zod 4.6.7. */
const versionOf = (target: string) => target.replace('npm:', '').replace('@', ' ')

export const page = (): string => `# Environments

What the packed package was installed beside, type-checked by, loaded in and used with. This page is made from the tests of \`test/matrix\`: \`npm run test:matrix\` runs them, some fifteen
minutes once everything is installed, and \`npm run docs:environments\` writes the page. Runtimes and browsers: [BINDINGS.md](BINDINGS.md#where-it-has-been-run).

## Installing

No range of versions blocks an install: the frameworks and zod are optional peers of any version, as an application that never imports an entry may have any. npm installs the package beside:

${table(
  ['Beside', 'Versions'],
  Object.entries(neighbours).map(([name, packages]) => [
    name,
    Object.entries(packages)
      .map(([each, version]) => `${each} ${version}`)
      .join(', '),
  ]),
)}

${Object.keys(installers).join(' and ')} install it beside React 18 and zod 3 as well.

\`engines\` is Node 20.19, or 22.12 and later: what \`require('swimlink')\` needs, since the package is of ES modules alone.

## Frameworks

Each binding was run in Chromium with ${Object.values(frameworks)
  .map(packages => versionOf(Object.entries(packages)[0]!.join(' ')))
  .join(', ')}.
Older ones lack what the bindings build on: \`useSyncExternalStore\` came with React 18, \`toValue\` with Vue 3.3.

## Schemas

All of these read and write the same cases, by Standard Schema or, where that waits, by what the library has beside it:
${Object.values(schemas).map(versionOf).join(', ')}; zod/mini of each zod from 3.25 on. \`swimlink/zod\` needs zod 4.1 or later, which has codecs; with an older one its functions throw a \`ConfigError\`.

## TypeScript

${Object.values(compilers).map(versionOf).join(', ')}; \`module\` and \`moduleResolution\` node16, nodenext, bundler, and node10 by \`typesVersions\`; ES modules and CommonJS; \`skipLibCheck\` on and off; \`lib\` of ES2022 with DOM, without DOM and without any types of Node, and of \`esnext\`, where \`Map\` has \`getOrInsert\`. All pass, but for:

| | Why | What to do |
|---|---|---|
| CommonJS with node16, and with nodenext before TypeScript 5.8 | TS1479: the compiler refuses \`require\` of an ES module, though Node allows it | nodenext with TypeScript 5.8 or later, bundler, or \`await import('swimlink')\` |
| node10 in TypeScript 7 | it was removed | another \`moduleResolution\` |
| node10 in TypeScript 6 | it is deprecated | \`ignoreDeprecations: '6.0'\` |

\`swimlink/host\` is for Node and needs \`@types/node\`; a binding needs the types of its framework.

## Loaders

${table(
  ['Environment', 'What to set', 'Result'],
  environments.map(({ name, needs }) => [name, needs === '' ? 'nothing' : needs.replaceAll('|', '\\|'), 'passed']),
)}

Vite, webpack, rollup and esbuild for pages are tried by \`npm test\`. webpack, rspack and rollup for Node warn that \`classic-level\` is not there, where it is not: only \`levelStore\` of \`swimlink/host\` imports it.
Nothing runs when the package is imported: no global is read that an environment may lack, and none is made.
`
