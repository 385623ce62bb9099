// The table of peers, and the section of RESULTS.md.
import { readFileSync } from 'node:fs'
import { median } from '../../lib/median.mjs'
import { circumstances, shown, table } from '../../lib/report.mjs'
import { canPin } from './processes.mjs'

const perOne = figures => (figures.ms * 1000) / figures.count
const cpuPerOne = figures => (figures.cpuMs * 1000) / figures.count
const megabytes = figures => figures.bytes / 1e6

/** The rows of the table by work: what is shown, and of what a ratio is: of what costs more the more there is of it. */
const rows = {
  first: [
    { title: '**200,000 entries at first**: until the map has all', unit: 'ms', of: ({ ms }) => ms },
    { title: 'processor time', unit: 'ms', of: ({ cpuMs }) => cpuMs },
    { title: 'received', unit: 'MB', of: megabytes },
    {
      title: 'of it from filled reads',
      unit: '%',
      of: ({ heldBytes, bytes }) => (heldBytes / bytes) * 100,
      isFact: true,
    },
    { title: 'heap per entry', unit: 'B', of: ({ bytesHeld }) => bytesHeld },
  ],
  updates: [
    { title: '**1,000 keys, each updated 200 times**: per update', unit: 'µs', of: perOne },
    { title: 'processor time per update', unit: 'µs', of: cpuPerOne },
    { title: 'updates that the client was told of', unit: '', of: ({ count }) => count, isFact: true },
    { title: 'received', unit: 'MB', of: megabytes },
    {
      title: 'of it from filled reads',
      unit: '%',
      of: ({ heldBytes, bytes }) => (heldBytes / bytes) * 100,
      isFact: true,
    },
  ],
  writes: [
    { title: '**50,000 own writes, 1,000 under way at once**: per write', unit: 'µs', of: perOne },
    { title: 'processor time per write', unit: 'µs', of: cpuPerOne },
    { title: 'received', unit: 'MB', of: megabytes },
  ],
  cut: [
    {
      title: '**a cut, and 10,000 changes by others meanwhile**: until the map is right',
      unit: 'ms',
      of: ({ ms }) => ms,
    },
    { title: 'processor time', unit: 'ms', of: ({ cpuMs }) => cpuMs },
    { title: 'received', unit: 'MB', of: megabytes },
  ],
  size: [{ title: '**a page loads of it**, minified and gzipped', unit: 'kB', of: ({ bytes }) => bytes / 1000 }],
}

export const works = Object.keys(rows)

/** The median over the rounds, and that of what it is of swimlink's in the same round; nothing where a round went wrong. */
function cellOf({ of }, mine, ours) {
  if (mine.some(figures => figures === undefined)) return undefined
  const ratios = mine.flatMap((figures, round) => (ours?.[round] ? [of(figures) / of(ours[round])] : []))
  return { value: median(mine.map(of)), ratio: ratios.length > 0 ? median(ratios) : undefined }
}

function textOf(cell, { unit, isFact }, isOurs) {
  if (cell === undefined) return 'wrong'
  const text = shown(cell, unit).trim()
  return isFact || isOurs || cell.ratio === undefined ? text : `${text} (${cell.ratio.toFixed(2)})`
}

/**
 * All rows, a cell for each peer, and where a peer takes less than swimlink.
 * @param results by peer and work: the figures of each round, undefined where the map was not right
 */
export function compare(peers, results) {
  const names = Object.keys(results)
  const body = []
  const losses = []
  for (const [work, figures] of Object.entries(rows)) {
    if (names.every(name => results[name][work] === undefined)) continue
    const of = figures[0].title.match(/\*\*(.*)\*\*/)[1]
    for (const row of figures) {
      const cells = names.map(name => cellOf(row, results[name][work], results.swimlink?.[work]))
      body.push([row.title, ...cells.map((cell, i) => textOf(cell, row, names[i] === 'swimlink'))])
      if (row.isFact) continue
      const less = names.filter((_, i) => cells[i]?.ratio < 0.95)
      if (less.length === 0) continue
      const list = less.map(name => `${peers[name].title} ${cells[names.indexOf(name)].ratio.toFixed(2)}`).join(', ')
      losses.push(`- ${of}, ${row.title.replace(/^\*\*.*\*\*[:,] /, '')}: ${list}.`)
    }
  }
  return { table: table(['', ...names.map(name => peers[name].title)], body), losses }
}

/** What a cut cost on the wire, in the words of the section. */
function ofCut(peers, results) {
  const [first, ...others] = Object.keys(results).flatMap(name => {
    const cell = cellOf({ of: megabytes }, results[name].cut)
    return cell === undefined ? [] : [`${shown(cell, 'MB')} for ${peers[name].title}`]
  })
  return `Here it was ${first}; ${others.join(', ')}.`
}

/** The section of RESULTS.md, without its heading. */
export function section(peers, results, { rounds, notes }) {
  const { table: text, losses } = compare(peers, results)
  const about = readFileSync(new URL('RESULTS.about.md', import.meta.url), 'utf8').trim()
  const date = new Date().toISOString().slice(0, 10)
  const versions = [...new Set(Object.keys(results).flatMap(name => peers[name].parts()))]
  const cores = canPin ? '' : ', no process kept to a core'
  return [
    `${about} ${ofCut(peers, results)}`,
    `Measured ${date}, medians of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, in brackets what it is of swimlink’s in the same round: ${[...circumstances(), ...versions].join(', ')}${cores}.`,
    text,
    ...(notes.length > 0 ? [notes.map(note => `- ${note}`).join('\n')] : []),
    `Where swimlink takes more than a peer, by this table; the figure is what the peer takes of swimlink’s:\n\n${losses.join('\n')}`,
  ].join('\n\n')
}
