// The documentation's code at work: a section's module in a Node process of its own, against the built package.
import { transform } from 'esbuild'
import ts from 'typescript'
import { runChild, type ChildEnd } from '../../support/child.js'
import type { Section } from './sections.js'

export interface Surroundings {
  /** What stands for texts of the section: addresses and ports that are there, and code where the section has an ellipsis. */
  readonly replace?: { readonly [text: string]: string }
  /** Code that goes on after the section's own. */
  readonly after?: string
}

/**
 * A statement of an expression with a value in the comment after it, `expression // value`, as a check that it is so. Comments
 * in words are none: as JavaScript, they make no sense.
 */
function withClaims(section: Section, text: string): string {
  const file = ts.createSourceFile('section.ts', text, ts.ScriptTarget.ESNext, true)
  let checked = text
  for (const statement of file.statements.filter(ts.isExpressionStatement).reverse()) {
    const [comment] = ts.getTrailingCommentRanges(text, statement.end) ?? []
    const value = comment && text.slice(comment.pos + 2, comment.end).trim()
    if (value === undefined || !isValue(value)) continue
    const start = statement.getStart()
    const { line } = file.getLineAndCharacterOfPosition(start)
    const check = `;claim('${section.page}:${line + 1}', ${statement.expression.getText()}, ${value});`
    checked = checked.slice(0, start) + check + checked.slice(statement.end)
  }
  return checked
}

function isValue(text: string): boolean {
  const expression = `(${text})`
  const hasNames = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && !ts.isPropertyAssignment(node.parent)) || (ts.forEachChild(node, hasNames) ?? false)
  return (
    ts.transpileModule(expression, { reportDiagnostics: true }).diagnostics?.length === 0 &&
    !hasNames(ts.createSourceFile('value.ts', expression, ts.ScriptTarget.ESNext, true))
  )
}

/** What a process prints that does as the section says; an error's stack names the lines of the page. */
export async function run(
  section: Section,
  host: string,
  { replace = {}, after = '' }: Surroundings,
): Promise<ChildEnd> {
  let text = section.text
  for (const [from, to] of Object.entries(replace)) {
    if (!text.includes(from)) throw new Error(`${section.page}: ${section.name}: there is no ${from} any more`)
    text = text.replaceAll(from, to)
  }
  const { code } = await transform(`${withClaims(section, text)};${after}`, {
    loader: 'ts',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: section.page,
  })
  const before = `
    import * as given from './test/dist/docs/given.mjs'
    Object.assign(globalThis, given)
  `.replaceAll('\n', ';')
  const last = `\nawait given.client.close()\n`
  // The map of lines is the last line, and counts from the section's first.
  const at = code.lastIndexOf('//# sourceMappingURL')
  return runChild(before + code.slice(0, at) + last + code.slice(at), ['--enable-source-maps'], 15_000, [host])
}
