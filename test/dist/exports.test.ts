// What the declarations of each entry promise is there at run time; and they declare nothing but what users can name.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, string | Record<string, string>>
}
const entries = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [[`swimlink${name.slice(1)}`, root + target.types!.slice(2)] as const],
)
const program = ts.createProgram(
  entries.map(([, types]) => types),
  {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    skipLibCheck: true,
  },
)
const checker = program.getTypeChecker()
const namesOf = (types: string) => {
  const module = checker.getSymbolAtLocation(program.getSourceFile(types)!)
  // The script of a worker exports nothing.
  return module === undefined ? [] : checker.getExportsOfModule(module)
}

/** Whether a name may be used as a value, by its declarations. */
function isValue(name: ts.Symbol): boolean {
  const isTypeOnly = (name.declarations ?? []).some(
    at => ts.isExportSpecifier(at) && ts.isTypeOnlyExportDeclaration(at),
  )
  const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name
  return !isTypeOnly && (target.flags & ts.SymbolFlags.Value) !== 0
}

describe.each(entries)('%s', (name, types) => {
  test('has at run time what its types declare, and nothing else', async () => {
    const declared = namesOf(types).filter(isValue)
    const there = Object.keys((await import(name)) as object)
    expect(there.sort()).toEqual(declared.map(each => each.name).sort())
  })
})

test.each(entries.filter(([name]) => !/standalone/.test(name)))(
  'the classes and functions of %s have the names that they are exported by, which logs show',
  async name => {
    const there = Object.entries((await import(name)) as Record<string, unknown>)
    const named = there.flatMap(([name, what]) => (typeof what === 'function' ? [[name, what.name]] : []))
    expect(named).toEqual(named.map(([name]) => [name, name]))
  },
)

/** Names of the declarations that are no user's to write, and why they are there. */
const unnamed = {
  Only: 'the options of builders, without those that do not exist',
  Whole: 'the options that complete an address',
  Walk: 'what the walks of a Map are',
  Result: 'what Standard Schema answers',
  JoinLane: 'what both kinds of join lanes have',
  Faults: 'methods of test hosts',
}

test('the declarations declare what is exported, and no insides', () => {
  const named = new Set(entries.flatMap(([, types]) => namesOf(types).map(({ name }) => name)))
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${root}dist/types/`))
  const declared = own.flatMap(file =>
    file.statements.filter(
      (at): at is ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
        ts.isClassDeclaration(at) || ts.isInterfaceDeclaration(at) || ts.isTypeAliasDeclaration(at),
    ),
  )
  const rest = declared.map(({ name }) => name!.text).filter(name => !named.has(name))
  expect(rest.filter(name => !(name in unnamed))).toEqual([])
})

test.each(entries.filter(([name]) => !/standalone|shared-worker|swimlink-worker/.test(name)))(
  'the types of %s begin with their public names',
  (_name, types) => {
    const [first, ...rest] = readFileSync(types, 'utf8').split('\n\n')
    expect(first).toMatch(/^export (type )?\{$/m)
    expect(rest.join('\n\n')).not.toMatch(/^export /m)
  },
)
