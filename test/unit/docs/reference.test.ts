// The API reference has a docstring for each public name and each member, an example for what is called or made, and no name
// that is not public. It is read as `npm run docs` reads it: from the sources of all entries, by TypeDoc.
// @module-tag full
import { readFileSync } from 'node:fs'
import {
  Application,
  ReflectionKind,
  type DeclarationReflection,
  type ProjectReflection,
  type Reflection,
} from 'typedoc'
import { transpileModule, ScriptTarget } from 'typescript'
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

/** What is exported as a type alone is an interface to TypeDoc, a class too; that of clients is an interface in its source. */
function isClass(reflection: Reflection): boolean {
  const [source] = (reflection as DeclarationReflection).sources ?? []
  if (!reflection.kindOf(ReflectionKind.Interface) || source === undefined) return false
  const line = readFileSync(source.fullFileName, 'utf8').split('\n')[source.line - 1]!
  return reflection.name === 'SwimClient' || /^export (abstract )?class /.test(line)
}

/** What applications call, make or catch: functions, classes, and the methods by which builders begin. */
const isUsed = (reflection: Reflection): boolean =>
  (reflection.kindOf(ReflectionKind.Method) && reflection.parent?.name === 'Scope') ||
  reflection.kindOf(ReflectionKind.Function | ReflectionKind.Class) ||
  isClass(reflection)

/** The code of the examples of a name, be it in its docstring or in that of a signature. */
const examplesOf = (reflection: Reflection): string[] =>
  [reflection, ...((reflection as DeclarationReflection).signatures ?? [])].flatMap(({ comment }) =>
    (comment?.getTags('@example') ?? []).map(({ content }) =>
      content
        .map(({ text }) => text)
        .join('')
        .replace(/^```\w*\n|\n```$/g, ''),
    ),
  )

test('each public function and class has an example', () => {
  const used = named().filter(isUsed)
  expect(used.length).toBeGreaterThan(100)
  const missing = used.filter(reflection => examplesOf(reflection).length === 0)
  expect(missing.map(reflection => reflection.getFullName())).toEqual([])
})

test('each example is TypeScript', () => {
  const examples = Object.values(project.reflections).flatMap(examplesOf)
  expect(examples.length).toBeGreaterThan(100)
  const broken = examples.filter(text => {
    const compilerOptions = { target: ScriptTarget.ESNext }
    const { diagnostics } = transpileModule(text, { reportDiagnostics: true, compilerOptions })
    return text.trim() === '' || text.includes('```') || diagnostics!.length > 0
  })
  expect(broken).toEqual([])
})

test('no name is in it that is not public, and no link leads nowhere', () => {
  const internal = Object.values(project.reflections).filter(({ comment }) => comment?.hasModifier('@internal'))
  expect(internal.map(reflection => reflection.getFullName())).toEqual([])
  expect(warnings).toEqual([])
})
