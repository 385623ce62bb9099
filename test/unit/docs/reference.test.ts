// The API reference has a docstring for each public name and each member, and no name that is not public. It is read as
// `npm run docs` reads it: from the sources of all entries, by TypeDoc.
import { readFileSync } from 'node:fs'
import {
  Application,
  ReflectionKind,
  type DeclarationReflection,
  type ProjectReflection,
  type Reflection,
} from 'typedoc'
import { beforeAll, expect, test } from 'vitest'
import options, { entries } from '../../../docs/.vitepress/reference.mjs'

// What is exported by two entries has its docstring where it is declared.
const kinds = (ReflectionKind.SomeExport | ReflectionKind.SomeMember) & ~ReflectionKind.Reference

/** What was said of what is read: a name that is not public, a link that leads nowhere, a parameter that is not there. */
const warnings: string[] = []
let project: ProjectReflection

beforeAll(async () => {
  const application = await Application.bootstrapWithPlugins({ ...options, logLevel: 'None' })
  for (const name of ['warn', 'error', 'validationWarning'] as const)
    application.logger[name] = (text: string) => void warnings.push(text)
  project = (await application.convert())!
  application.validate(project)
})

/** Whether it is a part of a type, which the docstring of that type says all of. */
const isPartOfType = ({ parent }: Reflection): boolean =>
  parent !== undefined &&
  (parent.kindOf(ReflectionKind.TypeLiteral | ReflectionKind.SomeSignature) || isPartOfType(parent))

/** Of a function its signatures have the docstrings; of an option that is a callback, the type may have it. */
function isDocumented(reflection: Reflection): boolean {
  if (reflection.hasComment()) return true
  const { signatures, getSignature, setSignature, type } = reflection as DeclarationReflection
  const parts = [...(signatures ?? []), getSignature ?? setSignature].filter(part => part !== undefined)
  if (parts.length > 0) return parts.some(part => part.hasComment())
  return type?.type === 'reflection' && (type.declaration.signatures ?? []).some(part => part.hasComment())
}

/** Errors are made by the package; what their constructors take are their fields, which say what they are. */
const isMadeHere = ({ kind, parent }: Reflection): boolean =>
  kind === ReflectionKind.Constructor && /Error$/.test(parent!.name)

const named = () => project.getReflectionsByKind(kinds).filter(reflection => !isPartOfType(reflection))

test('all entries of the package are in it', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, unknown>
  }
  const public_ = Object.keys(exports).map(name => name.replace('.', 'swimlink'))
  const modules = project.getReflectionsByKind(ReflectionKind.Module).map(({ name }) => name)
  expect(modules).toEqual(Object.keys(entries))
  // What has no names of its own: the same in one file, and the script of the worker.
  const others = ['standalone', 'shared-worker', 'dist/swimlink-worker.min.js', 'package.json']
  expect([...modules, ...others.map(name => `swimlink/${name}`)].sort()).toEqual(public_.sort())
})

test('each public name and each member of one has a docstring', () => {
  expect(named().length).toBeGreaterThan(800)
  const missing = named().filter(reflection => !isDocumented(reflection) && !isMadeHere(reflection))
  expect(missing.map(reflection => reflection.getFullName())).toEqual([])
})

test('no name is in it that is not public, and no link leads nowhere', () => {
  const internal = Object.values(project.reflections).filter(({ comment }) => comment?.hasModifier('@internal'))
  expect(internal.map(reflection => reflection.getFullName())).toEqual([])
  expect(warnings).toEqual([])
})
