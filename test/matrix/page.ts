// docs/ENVIRONMENTS.md, made from what the matrix tries: `npm run docs:environments` writes it, and a test holds it to this.
import { environments } from './environments.js'
import { compilers, frameworks, installers, neighbours, schemas } from './versions.js'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

/** `zod-4.6` at `npm:zod@4.6.7` is zod 4.6.7. */
const versionOf = (target: string) => target.replace('npm:', '').replace('@', ' ')

export const page = (): string => `# Environments

Where the package runs, and what you have to set. First by runtime, then what it was installed beside, type-checked by and loaded in. This page is made from the tests of \`test/matrix\`: \`npm run test:matrix\` runs them, some fifteen
minutes once everything is installed, and \`npm run docs:environments\` writes the page.

[Runtimes and browsers](#runtimes-and-browsers) · [Installing](#installing) · [Frameworks](#frameworks) · [Schemas](#schemas) · [TypeScript](#typescript) · [Loaders](#loaders)

## Runtimes and browsers

| Where | What to do | How it is known |
|---|---|---|
| Chromium, Firefox | nothing, with a bundler or [without](BINDINGS.md#what-the-bundles-are) | [run](BINDINGS.md#where-it-has-been-run) |
| Safari 15.4 and later | nothing | not run in Safari; WebKitGTK is. The bundles for pages use nothing that Safari 15.4 lacks, by the lists of \`eslint-plugin-compat\` |
| Safari before 15.4 | not supported: \`Object.hasOwn\` and \`at\` are missing | by the same lists |
| Node from 20.19 or 22.12 | nothing; \`ws\` comes with the package. [Loaders](#loaders) says more of CommonJS and of bundlers for Node | run |
| jsdom and happy-dom, in vitest or jest | see [Loaders](#loaders) | run |
| Deno, Bun | Deno: \`--allow-net\` | run |
| Workers of Cloudflare | bundle it as for pages. Make the client in a durable object, or [for one request](BINDINGS.md#where-it-has-been-run) | run in workerd |
| Electron, the renderer | bundle it as for pages, and allow the host in \`connect-src\` | not run; a renderer is a page of Chromium |
| Electron, the main process | as in Node | not run |
| React Native | a whole \`URL\`: see Metro in [Loaders](#loaders) | not run; Metro's bundle is, in Node |

## Installing

The frameworks and zod are optional peers, and any version of them may be installed: an application that never imports \`swimlink/react\` may have any React. So no version blocks an install. Which versions a binding works with is said
[below](#frameworks). npm installed the package beside each of these rows:

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

The package has ES modules only. Node 20 can \`require\` such a package from 20.19 on, Node 22 from 22.12 on, and so can all later ones: these are the versions in \`engines\`.

## Frameworks

Each binding was run in Chromium with ${Object.values(frameworks)
  .map(packages => versionOf(Object.entries(packages)[0]!.join(' ')))
  .join(', ')}.
React before 18 and Vue before 3.3 will not do: they lack \`useSyncExternalStore\` and \`toValue\`, which the bindings call.

## Schemas

With each of these libraries the same values were read and written. The client calls them by Standard Schema, an interface that they have in common, and zod and yup by their own synchronous functions:
${Object.values(schemas).map(versionOf).join(', ')}; zod/mini of each zod from 3.25 on. \`swimlink/zod\` needs zod 4.1 or later, the first with codecs; with an older zod its functions throw a \`ConfigError\`.

## TypeScript

${Object.values(compilers).map(versionOf).join(', ')}; \`module\` and \`moduleResolution\` node16, nodenext, bundler, and node10 by \`typesVersions\`; ES modules and CommonJS; \`skipLibCheck\` on and off; \`lib\` of ES2022 with DOM, without DOM and without any types of Node, and \`lib\` of \`esnext\`, where \`Map\` has \`getOrInsert\`. All combinations pass except:

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

In this table \`nothing\` means that nothing need be set. Vite, webpack, rollup and esbuild for pages need nothing either; \`npm test\` tries them. If \`classic-level\` is not installed, webpack, rspack and rollup for Node warn that it is missing.
Ignore the warning unless you use \`levelStore\` of \`swimlink/host\`, which alone imports it.

An import does nothing by itself: it reads no global that an environment may lack, and makes none. So the package may be imported on a server that renders pages.
`
