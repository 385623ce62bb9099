// The documentation's code before the compiler of a user of the built package: one program for all of it.
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { compileScript, parse } from 'vue/compiler-sfc'
import { root, type Section } from './sections.js'

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  allowJs: true,
  skipLibCheck: true,
}

const given = 'test/dist/docs/given.mjs'

/** Where a section's module is, for the compiler: modules of one page are neighbours. */
function fileOf({ page, name, language, line }: Section): string {
  const folder = root + page.replace(/\.md$/, '')
  if (/\.tsx?$/.test(name)) return `${folder}/${name}`
  return `${folder}/${line}.${language === 'tsx' ? 'tsx' : 'ts'}`
}

function textOf({ page, language, line, text }: Section): string {
  // Its first line is free, as what comes before a block on a page is a heading.
  if (text.includes("'swimlink/solid'")) return text.replace(/^/, '/** @jsxImportSource solid-js */')
  if (language !== 'vue') return text
  const { descriptor, errors } = parse(text, { filename: `${page}:${line}` })
  if (errors.length > 0) throw new Error(`${page}:${line}: ${errors.join('\n')}`)
  // With its template, as a function of what its script declares.
  return compileScript(descriptor, { id: page, inlineTemplate: true }).content
}

/** A claim about a type: `expression // number | undefined`. */
const typeClaim = /^\/\/ ((?:string|number|boolean|undefined|null)(?: \| (?:string|number|boolean|undefined|null))*)$/

/** What is wrong, each with the line of the page. */
export function typeFaults(sections: readonly Section[]): string[] {
  const byFile = new Map(sections.map(section => [fileOf(section), section] as const))
  const names = [...readFileSync(root + given, 'utf8').matchAll(/^export const (\w+)|^export \{ (.*) \}/gm)].flatMap(
    ([, name, list]) => name ?? list!.split(', '),
  )
  const globals = `${root}docs/given.d.ts`
  const texts = new Map([...byFile].map(([file, section]) => [file, textOf(section)] as const)).set(
    globals,
    `import * as given from '../${given}'
    declare global { ${names.map(name => `const ${name}: typeof given.${name}`).join('; ')} }`,
  )

  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = file => texts.has(file) || fileExists(file)
  // A page's folder is nowhere but here.
  host.directoryExists = () => true
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file)
    return text === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language, true)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  const checker = program.getTypeChecker()

  const faults: string[] = []
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    const section = file && byFile.get(file.fileName)
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (section === undefined) faults.push(`${file?.fileName}:${line + 1}: ${message}`)
    else if (section.language !== 'vue') faults.push(`${section.page}:${line + 1}: ${message}`)
    else faults.push(`${section.page}:${section.line}: ${message} (${file!.text.split('\n')[line]!.trim()})`)
  }
  for (const [fileName, { page }] of byFile) {
    const file = program.getSourceFile(fileName)!
    for (const statement of file.statements.filter(ts.isExpressionStatement)) {
      const [comment] = ts.getTrailingCommentRanges(file.text, statement.end) ?? []
      const [, claimed] = typeClaim.exec(file.text.slice(comment?.pos, comment?.end ?? 0)) ?? []
      const type = checker.typeToString(checker.getTypeAtLocation(statement.expression))
      const { line } = file.getLineAndCharacterOfPosition(statement.getStart(file))
      if (claimed !== undefined && claimed !== type) faults.push(`${page}:${line + 1}: it is ${type}`)
    }
  }
  return faults
}
