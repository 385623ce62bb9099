// Cuts a history down to what shows one fault. Imports nothing of the client.
import type { Entries, Line } from '../lines.js'
import type { Fault, FaultKind } from './fault.js'
import { judge } from './judge.js'
import { sentTwice, type Source } from './order.js'

/** The shortest history found that shows the fault. */
export function shrink(lines: readonly Line[], fault: Fault, source: Source = 'record'): Line[] {
  // The same fault, and not one that leaving lines out has made.
  const shows = (some: readonly Line[]) =>
    judge(some, source).faults.some(
      ({ kind, by, key, text, line }) =>
        kind === fault.kind && by === fault.by && key === fault.key && text === fault.text && line.t === fault.line.t,
    )
  const until = upTo(placed(lines, fault, source), fault, source)
  const about = aboutKey(until, fault)
  // A fault without a key is shown by nothing less.
  if (!shows(about)) return until.filter(({ by }) => by === fault.by || by === 'runner')
  let kept = about
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const part = kept.slice(at, at + size)
      const rest = part.every(line => mayGo(line, fault)) ? kept.filter((_, i) => i < at || i >= at + size) : kept
      if (rest !== kept && shows(rest)) kept = rest
      else at += size
    }
  }
  return kept
}

/** What a line shows or is about. */
function aboutOf(line: Line): string | undefined {
  if (line.e === 'end') return line.id
  return 'v' in line ? line.v : undefined
}

/** What the observer was told that has no place in its order goes: with it, lines about lost sockets would have to stay. */
function placed(lines: readonly Line[], { line: last }: Fault, source: Source): readonly Line[] {
  if (source === 'record') return lines
  const twice = sentTwice(lines)
  const about = aboutOf(last)
  return lines.filter(line => line.e !== 'saw' || line.v === undefined || line.v === about || !twice.has(line.v))
}

/**
 * Of what comes after the fault, the host's lines say what it did not hold yet, and an observer may be told of what was there
 * before; the truth is looked at together with what is noted after quiet.
 */
function upTo(lines: readonly Line[], { by, line: last }: Fault, source: Source): readonly Line[] {
  const end = lines.indexOf(last)
  const about = aboutOf(last)
  const own = new Set(lines.flatMap(line => (line.e === 'write' && line.by === by ? [line.id] : [])))
  return lines.filter(
    (line, i) =>
      i <= end ||
      (source === 'observer' && line.e === 'saw') ||
      (line.by === 'host' && (line.e !== 'hold' || line.v === about || own.has(line.v))) ||
      (last.e === 'quiet' && line.e === 'truth'),
  )
}

/** The lines of one client, and what else is of its key. */
function aboutKey(lines: readonly Line[], { by, key, line: last }: Fault): Line[] {
  const shown = aboutOf(last)
  const only = (entries: Entries): Entries => entries.filter(([each]) => each === key)
  const ids = new Set(lines.flatMap(line => (line.e === 'write' && line.key === key ? [line.id] : [])))
  return lines.flatMap((line): Line[] => {
    switch (line.e) {
      case 'up':
      case 'clear':
      case 'start':
      case 'synced':
        return line.by === by || line.by === 'host' ? [line] : []
      case 'hold':
      case 'drop':
      case 'saw':
        return line.key === key ? [line] : []
      case 'write':
        return line.key === key || line.id === shown || (line.key === undefined && line.by === by) ? [line] : []
      case 'end':
        return line.by === by && ids.has(line.id) ? [line] : []
      case 'update':
      case 'gone':
      case 'read':
      case 'discard':
        return line.by === by && line.key === key ? [line] : []
      case 'batch': {
        const changes = line.changes.filter(change => change.key === key)
        return line.by === by && changes.length > 0 ? [{ ...line, changes }] : []
      }
      case 'map':
      case 'quiet':
        return line.by === by ? [{ ...line, entries: only(line.entries) }] : []
      case 'truth':
        return [{ ...line, entries: only(line.entries) }]
      case 'status':
      case 'failed':
      case 'fault':
        return []
    }
  })
}

/** Kinds of faults that the host's lines disprove: without some of them any history would show such a fault. */
const byHost: readonly FaultKind[] = ['never held', 'too early', 'gave way', 'falsely taken', 'not taken back', 'lost']

/** Whether a line can be left out without making up a fault. */
function mayGo(line: Line, { kind, line: last }: Fault): boolean {
  switch (line.e) {
    case 'read':
    case 'map':
    case 'status':
    case 'failed':
    case 'update':
    case 'gone':
    case 'batch':
    case 'write':
    case 'end':
    case 'discard':
    case 'saw':
    case 'fault':
    case 'synced':
      return true
    case 'hold':
      return !byHost.includes(kind) || line.v !== aboutOf(last)
    case 'drop':
    case 'clear':
    case 'up':
      return !byHost.includes(kind) || aboutOf(last) !== undefined
    case 'start':
    case 'quiet':
    case 'truth':
      return false
  }
}

/** Lines as a person reads them: times from the first on. */
export function print(lines: readonly Line[]): string {
  const from = lines[0]?.t ?? 0
  return lines
    .map(({ t, by, e, ...rest }) => {
      const said = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      return `${(t - from).toFixed(1).padStart(9)} ms  ${by.padEnd(8)} ${e.padEnd(6)} ${said.join(' ')}`
    })
    .join('\n')
}
