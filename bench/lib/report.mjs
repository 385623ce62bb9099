// The tables of the client benches, for a terminal and for RESULTS.md.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { here } from './run.mjs'

const number = value =>
  value === undefined || Number.isNaN(value)
    ? '-'
    : value.toLocaleString('en-GB', { maximumSignificantDigits: value < 100 ? 2 : 3 })
/** The value of a cell with its unit; `-` where there is none. */
export const shown = (cell, unit) => (cell === undefined ? '-' : `${number(cell.value)} ${unit}`)
const ratio = cell => (cell === undefined || !Number.isFinite(cell.ratio) ? '-' : cell.ratio.toFixed(2))

/** Whether a figure, as it is shown, keeps its bound; undefined where it has none. */
export function holds({ limit, most }, cell) {
  if (cell === undefined) return undefined
  if (most !== undefined) return cell.value <= most
  return limit === undefined ? undefined : Number(cell.ratio.toFixed(2)) <= limit
}

const bound = ({ limit, goal, most, unit }) =>
  most !== undefined
    ? `≤ ${most} ${unit}`
    : limit === undefined
      ? ''
      : `≤ ${limit}${goal === undefined ? '' : `, goal ${goal}`}`

export const heads = ['', 'bare ws + JSON', 'swimlink', 'ratio', 'bound', 'kept', '@swim/client', 'ratio', 'floors']

/** The rows of one case, a cell for each of `heads`. */
export function rows({ title, figures }, results) {
  const floors = ['read', 'string', 'count'].filter(name => results[name])
  return figures.map((figure, i) => {
    const cell = name => results[name]?.[figure.figure]
    const kept = holds(figure, cell('swimlink'))
    return [
      i === 0 ? `**${title}**: ${figure.title}` : figure.title,
      shown(cell('json'), figure.unit),
      shown(cell('swimlink'), figure.unit),
      ratio(cell('swimlink')),
      bound(figure),
      kept === undefined ? '' : kept ? 'yes' : 'NO',
      shown(cell('rival'), figure.unit),
      ratio(cell('rival')),
      i === 0 ? floors.map(name => `${name} ${ratio(cell(name))}`).join(', ') : '',
    ]
  })
}

const version = name => JSON.parse(readFileSync(here(`../node_modules/${name}/package.json`), 'utf8')).version

/** The machine and the versions, without the names of hosts or places. */
export function circumstances(chromium) {
  const git = (...args) => execFileSync('git', args, { cwd: here('.'), encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', '../src') === '' ? '' : ' with changes'
  return [
    `${cpus().length} cores of ${cpus()[0].model.trim()} (load ${loadavg()[0].toFixed(0)} at the end)`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `ws ${version('ws')}`,
    `zod ${version('zod')}`,
    ...(chromium ? [`Chromium ${chromium}`] : []),
    `commit ${git('rev-parse', '--short', 'HEAD')}${changed}`,
  ]
}

export const table = (head, body) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body].map(cells => `| ${cells.join(' | ')} |`).join('\n')
