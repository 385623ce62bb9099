// The table of the Recon bench, and its section of RESULTS.md.
import { readFileSync } from 'node:fs'
import { median } from './median.mjs'
import { circumstances, table } from './report.mjs'

export const heads = [
  'case',
  'JSON',
  'swimlink',
  'ratio',
  'bound',
  'kept',
  'minified, ratio',
  'Chromium, ratio',
  '@swim/recon, ratio',
]

const ratioOf = (runs, codec = 'recon') => {
  const ratios = (runs ?? []).flatMap(run => run[codec]?.ratio ?? [])
  return ratios.length === 0 ? undefined : median(ratios)
}
const shownRatio = (ratio, digits = 2) => (ratio === undefined ? '-' : ratio.toFixed(digits))

function shown(runs, codec) {
  if (runs === undefined) return '-'
  const { ns, bytes } = runs[0][codec]
  if (ns === undefined) return `${bytes.toFixed(0)} B`
  const middle = median(runs.map(run => run[codec].ns))
  return middle < 1e4 ? `${middle.toFixed(0)} ns` : `${(middle / 1e3).toFixed(0)} µs`
}

/** Whether a ratio, as it is shown, keeps the bound. */
const keeps = ({ bound }, ratio) => (ratio === undefined ? undefined : Number(ratio.toFixed(2)) <= bound)

/** The cells of a case. */
export function rowOf(name, one, { released, minified, chromium }) {
  const ratio = ratioOf(released)
  const kept = keeps(one, ratio)
  return [
    one.title ?? name,
    shown(released, 'json'),
    shown(released, 'recon'),
    shownRatio(ratio),
    `≤ ${one.bound}${one.goal === undefined ? '' : `, goal ${one.goal}`}`,
    kept === undefined ? '' : kept ? 'yes' : 'NO',
    shownRatio(ratioOf(minified)),
    shownRatio(ratioOf(chromium)),
    shownRatio(ratioOf(released, 'rival'), 1),
  ]
}

/** The section, without its heading. */
export function section(all, results, { rounds, chromium }) {
  const about = readFileSync(new URL('RECON.about.md', import.meta.url), 'utf8').trim()
  const date = new Date().toISOString().slice(0, 10)
  const rows = Object.keys(results).map(name => rowOf(name, all[name], results[name]))
  const kept = rows.filter(row => row[5] === 'yes').length
  return [
    about,
    `Measured ${date}, medians of ${rounds} ${rounds === 1 ? 'process' : 'processes'} each: ${circumstances(chromium).join(', ')}. ${kept} of ${rows.length} bounds are kept.`,
    table(heads, rows),
  ].join('\n\n')
}
