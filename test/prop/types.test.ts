// Types that `swimlink types` makes of random samples: they take every value that they were made of, in zod and in the compiler.
import { runInNewContext } from 'node:vm'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Seen } from '../../src/cli/types/seen.js'
import { misfit, typeOf, type Type } from '../../src/cli/types/type.js'
import { readTypes, writeTypes } from '../../src/cli/types/write.js'
import { stringify } from '../../src/recon/index.js'
import { parse, Record, type Value } from 'swimlink/recon'
import { value } from './recon-values.js'

const seenOf = (values: readonly Value[]): Seen => {
  const seen = new Seen()
  for (const each of values) seen.add(each)
  return seen
}
const described = (type: Type) => ({ name: 'Made', key: undefined, value: type, from: 'A sample.' })

/** As a downlink gives them: read from the wire, with the classes of the built package, which the command has too. */
const sample = fc
  .array(value, { minLength: 1, maxLength: 12 })

  .map(values => values.map(each => parse(stringify(each))))

/** Whether there are both lists and empty records in it: which of the two an empty one is, only a schema of a downlink says. */
function isAmbiguous(values: readonly Value[]): boolean {
  const found = { list: false, empty: false }
  const look = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || each instanceof Uint8Array || each instanceof Record) return
    if (Array.isArray(each)) found.list = true
    else if (Object.keys(each).length === 0) found.empty = true
    Object.values(each).forEach(look)
  }
  values.forEach(look)
  return found.list && found.empty
}

test('every value of a sample is of the type that was made of it', () => {
  fc.assert(
    fc.property(sample, values => {
      const type = typeOf(seenOf(values))
      for (const each of values) expect(misfit(type, each)).toBeUndefined()
      const text = writeTypes(described(type), 'zod')
      expect(readTypes(text)).toEqual({ value: type })
    }),
    { numRuns: 400 },
  )
})

test('the zod schema of a sample takes every value of it', () => {
  fc.assert(
    fc.property(sample, values => {
      fc.pre(!isAmbiguous(values))
      const text = writeTypes(described(typeOf(seenOf(values))), 'zod')
      const code = text.replace(/^(import|export type) .*$/gm, '').replace('export const Made =', 'made =')
      const context = { z, ReconRecord: Record, Uint8Array, made: undefined as z.ZodType | undefined }
      runInNewContext(code, context)
      for (const each of values) expect(context.made!.safeParse(each).error).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('the compiler takes what is printed, and every value of the sample', () => {
  const samples = fc
    .sample(sample, { numRuns: 200, seed: 18 })
    .filter(values => !isAmbiguous(values))
    .slice(0, 40)
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const texts = new Map<string, string>(
    samples.flatMap((values, i) =>
      (['ts', 'zod'] as const).map(language => {
        const text = writeTypes(described(typeOf(seenOf(values))), language)
        const lines = [
          "import { Record as Held } from 'swimlink/recon'",
          text,
          `export const all: Made[] = [${values.map(sourceOf)}]`,
        ]
        return [`${root}test/prop/made-${i}-${language}.ts`, lines.join('\n')] as const
      }),
    ),
  )
  expect(texts.size).toBe(80)
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = file => texts.has(file) || fileExists(file)
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file)
    return text === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    return `${message}\n${file === undefined ? '' : texts.get(file.fileName)}`
  })
  expect(faults.slice(0, 3)).toEqual([])
}, 60_000)

/** A value as an expression. */
function sourceOf(value: Value): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `new Uint8Array([${value}])`
  if (value instanceof Record) return 'new Held([])'
  if (Array.isArray(value)) return `[${value.map(each => sourceOf(each as Value))}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => `[${JSON.stringify(name)} as const]: ${sourceOf(field as Value)}`,
    )
    return `{ ${fields.join(', ')} }`
  }
  return value === undefined ? 'undefined' : Object.is(value, -0) ? '-0' : JSON.stringify(value)
}
