// The API reference: the public entries of package.json, read by TypeDoc and written into docs/api.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Comment, Converter, OptionDefaults, ReflectionKind } from 'typedoc'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { exports, repository } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

/** What each entry is, in the order in which they are listed. */
export const entries = {
  swimlink: 'The client, its downlinks, errors, options and scopes.',
  'swimlink/view': 'Live views over maps.',
  'swimlink/cache': 'Entries and unsent writes of maps, kept between visits.',
  'swimlink/shared': 'One socket for all tabs.',
  'swimlink/list': 'List downlinks: `client.downlinkList()`. Imported for what it adds to clients.',
  'swimlink/react': 'Bindings for React.',
  'swimlink/vue': 'Bindings for Vue.',
  'swimlink/svelte': 'Bindings for Svelte.',
  'swimlink/solid': 'Bindings for Solid.',
  'swimlink/tanstack-db': 'A map lane as a collection of TanStack DB.',
  'swimlink/zod': 'Codecs for the shapes that agents send.',
  'swimlink/testing': 'A host in memory and in virtual time, for tests of your application.',
  'swimlink/inspect': 'What a client is doing, as data, as frames and as a tape.',
  'swimlink/inspector': 'The element `<swimlink-inspector>`.',
  'swimlink/meta': 'What a host says of itself: `client.meta()`. Imported for what it adds to clients.',
  'swimlink/host': 'The embedded host, for Node.',
  'swimlink/recon': 'The Recon data language.',
}

/** The source of an entry; `./standalone` has none of its own, as it is `swimlink` in one file. */
function sourceOf(entry) {
  const types = exports[entry.replace('swimlink', '.')]?.types
  if (types === undefined) throw new Error(`docs/.vitepress/reference.mjs has ${entry}, which package.json has not`)
  return types.replace('./dist/types/', 'src/').replace('.d.ts', '.ts')
}

const missing = Object.keys(exports)
  .map(name => name.replace('.', 'swimlink'))
  .filter(name => !(name in entries) && !/\/(standalone|shared-worker|\w.*\.js|package\.json)$/.test(name))
if (missing.length > 0) throw new Error(`docs/.vitepress/reference.mjs does not say what these are: ${missing.join()}`)

/** TypeDoc names modules by their files; here they have the names that they are imported by, and a text. */
function nameModules({ project }) {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    const entry = Object.keys(entries).find(entry => module.sources?.[0].fileName.endsWith(sourceOf(entry)))
    module.name = entry
    module.comment = new Comment([{ kind: 'text', text: entries[entry] }])
  }
}

/** Where TypeDoc loses a docstring, as it does of the steps of builders, the compiler still has it. */
function addDocstrings(context) {
  const { project } = context
  const checkers = context.programs.map(program => program.getTypeChecker())
  for (const signature of project.getReflectionsByKind(ReflectionKind.CallSignature)) {
    if (signature.hasComment() || signature.parent.hasComment()) continue
    const symbol = context.getSymbolFromReflection(signature.parent)
    const [text] = symbol === undefined ? [] : checkers.map(checker => textOf(symbol.getDocumentationComment(checker)))
    if (text) signature.comment = new Comment([{ kind: 'text', text }])
  }
}

const textOf = parts => parts.map(({ text }) => text).join('')

/** `@source docs/PROTOCOL.md#own-writes` leads to that page, by its title. */
function linkSources({ project }) {
  for (const { comment } of Object.values(project.reflections))
    for (const { tag, content } of comment?.blockTags ?? [])
      if (tag === '@source')
        for (const part of content)
          part.text = part.text.replace(/docs\/(\w+)\.md(#[\w-]+)?/, (_, page, anchor = '') => {
            const [, title] = /^# (.*)$/m.exec(readFileSync(`${root}docs/${page}.md`, 'utf8'))
            return `[${title}](/${page.toLowerCase()}.md${anchor})`
          })
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  plugin: [
    'typedoc-plugin-markdown',
    'typedoc-vitepress-theme',
    ({ converter }) => {
      converter.on(Converter.EVENT_RESOLVE_BEGIN, nameModules)
      converter.on(Converter.EVENT_RESOLVE_END, context => {
        addDocstrings(context)
        linkSources(context)
      })
    },
  ],
  name: 'API',
  entryPoints: Object.keys(entries).map(entry => root + sourceOf(entry)),
  tsconfig: `${root}tsconfig.json`,
  // The compiler has its own turn: npm run types.
  skipErrorChecking: true,
  out: `${root}docs/api`,
  docsRoot: `${root}docs`,
  readme: 'none',
  disableGit: true,
  sourceLinkTemplate: `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/src/{path}#L{line}`,
  basePath: root,
  blockTags: [...OptionDefaults.blockTags, '@source'],
  // Which error it is.
  preservedTypeAnnotationTags: ['@throws'],
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  sortEntryPoints: false,
  // What has no docstring is found by test/unit/docs/reference.test.ts.
  validation: { notExported: true, notDocumented: false },
  treatWarningsAsErrors: true,
  membersWithOwnFile: ['Class', 'Interface'],
  hidePageHeader: true,
  parametersFormat: 'table',
}
