// Floor 9. Entries as a table that fits the terminal.
import Table from 'cli-table3'
import stringWidth from 'string-width'
import type { Value } from 'swimlink/recon'
import { colors } from './output.js'
import { fieldsOf, show } from './values.js'

export interface Size {
  /** The width, in characters. */
  readonly columns: number
  /** The height of the whole table, in lines; Infinity if it may scroll. */
  readonly rows: number
}

/** The size of a terminal; a pipe has no limits. */
export const sizeOf = ({ columns, rows }: { columns?: number; rows?: number }): Size => ({
  columns: columns || Infinity,
  rows: rows || Infinity,
})

const gap = 2
const least = 6
const most = 60

/** The columns for values: their field names, or one column if some values have no fields. */
const columnsOf = (entries: readonly (readonly [Value, Value])[]): string[] => {
  const names = new Set<string>()
  for (const [, value] of entries) for (const name of Object.keys(fieldsOf(value) ?? {})) names.add(name)
  return [...names]
}

/**
 * Entries as lines: a column for the key, and one for each field. If some values have no fields, one column for all values.
 * @param keys the heading of the keys
 */
export function tableOf(entries: readonly (readonly [Value, Value])[], size: Size, keys = 'key'): string[] {
  const lines = Math.max(1, size.rows - 1)
  const shown = entries.length > lines ? entries.slice(0, Math.max(1, lines - 1)) : entries
  const hasFields = shown.length > 0 && shown.every(([, value]) => fieldsOf(value) !== undefined)
  const names = hasFields ? columnsOf(shown) : ['value']
  const rows = shown.map(([key, value]) => [
    show(key),
    ...(hasFields
      ? names.map(name => show(Object.hasOwn(fieldsOf(value)!, name) ? fieldsOf(value)![name] : ''))
      : [show(value)]),
  ])
  const head = [keys, ...names.map(name => show(name))]
  const widths = fit(
    head.map((name, i) =>
      Math.min(most, Math.max(...[name, ...rows.map(row => row[i]!)].map(text => stringWidth(text)))),
    ),
    size.columns,
  )
  const table = new Table({
    head: head.slice(0, widths.length).map(name => colors.dim(name)),
    colWidths: widths.map(width => width + gap),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: Object.fromEntries(borders.map(name => [name, ''])),
  })
  table.push(...rows.map(row => row.slice(0, widths.length).map((text, i) => (i === 0 ? colors.bold(text) : text))))
  const text = table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
  const left = entries.length - shown.length
  return left > 0 ? [...text, colors.dim(`and ${left} more`)] : text
}

/** A single value: one line, or one line for each field. */
export function linesOf(value: Value, size: Size): string[] {
  const fields = fieldsOf(value)
  return fields === undefined ? [show(value)] : tableOf(Object.entries(fields), size)
}

const borders = ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap(name =>
  name === 'mid'
    ? ['mid', 'left-mid', 'mid-mid', 'right-mid']
    : name === 'top' || name === 'bottom'
      ? [name, `${name}-mid`, `${name}-left`, `${name}-right`]
      : [name],
)

/** Makes the widest columns narrower until all fit. Columns that still don't fit are left out, from the right. */
function fit(widths: number[], columns: number): number[] {
  const total = () => widths.reduce((sum, width) => sum + width + gap, 0)
  while (total() > columns) {
    const widest = Math.max(...widths)
    if (widest > least) widths[widths.indexOf(widest)] = widest - 1
    else if (widths.length > 1) widths.pop()
    else break
  }
  return widths
}
