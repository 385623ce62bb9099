// Judges a history: what each client did and saw, beside the order in which the host held values. Imports nothing of the client.
// What is demanded and what is not: docs/PROOF.md.
import type { Line } from '../lines.js'
import type { Fault, FaultKind } from './fault.js'
import { Order, type Source } from './order.js'
import { View, type OwnWrite, type Writes } from './view.js'

export interface Verdict {
  readonly faults: readonly Fault[]
  /** How much was judged. */
  readonly judged: Judged
}

export interface Judged {
  readonly writes: number
  readonly ends: number
  readonly taken: number
  readonly callbacks: number
  /** Entries that reads and looks at whole maps showed, or showed not to be there. */
  readonly reads: number
  /** Clients that were compared with the host after quiet. */
  readonly quiets: number
  /** What was shown, and could not be judged as the order has gaps. */
  readonly unknown: number
}

export function judge(lines: readonly Line[], source: Source = 'record'): Verdict {
  const faults: Fault[] = []
  const order = new Order(lines, source)
  const writes = writesOf(lines)
  const views = new Map<string, View>()
  const count = { writes: 0, ends: 0, taken: 0, quiets: 0 }
  const truth = lines.find(line => line.e === 'truth')
  const viewOf = (line: Line): View => {
    let view = views.get(line.by)
    if (view === undefined) {
      const report = (kind: FaultKind, key: string | undefined, text: string, at: Line) =>
        void faults.push({ kind, by: line.by, key, text, line: at })
      views.set(line.by, (view = new View(line, order, writes, report)))
    }
    return view
  }

  for (const line of lines) {
    const view = viewOf(line)
    switch (line.e) {
      case 'write':
        count.writes++
        view.wrote(writes.get(line.id)!)
        break
      case 'end':
        count.ends++
        if (line.outcome === 'taken') {
          count.taken++
          view.taken(writes.get(line.id), line)
        } else if (line.discarded) view.discarded(writes.get(line.id), line)
        break
      case 'discard':
        view.discards(line.key, line)
        break
      case 'update':
      case 'gone':
        view.told(line)
        break
      case 'batch':
        view.batch(line.changes)
        break
      case 'read':
        view.read(line.key, line.v, line)
        break
      case 'map':
        view.map(line.entries, line)
        break
      case 'synced':
        view.synced()
        break
      case 'saw':
        // The observer is told by the host: the order must be able to say what it saw.
        if (source === 'record') view.saw(line.key, line.v, line)
        break
      case 'quiet':
        count.quiets++
        view.quiet(line, truth?.entries)
        break
      case 'truth':
        view.lane(line.entries, line)
        break
      case 'up':
      case 'hold':
      case 'drop':
      case 'clear':
      case 'start':
      case 'status':
      case 'failed':
      case 'fault':
        break
    }
  }
  const sum = (part: 'callbacks' | 'reads' | 'unknown') =>
    [...views.values()].reduce((total, view) => total + view.judged[part], 0)
  return {
    faults,
    judged: { ...count, callbacks: sum('callbacks'), reads: sum('reads'), unknown: sum('unknown') },
  }
}

function writesOf(lines: readonly Line[]): Writes {
  const writes = new Map<string, OwnWrite>()
  for (const line of lines) {
    if (line.e === 'write') {
      const { id, op, key, by, t } = line
      const sets = op === 'put' || op === 'set'
      writes.set(id, { id, by, op, key, t, v: sets ? id : undefined, from: undefined, end: undefined })
    } else if (line.e === 'end') {
      const write = writes.get(line.id)
      if (write !== undefined) write.end ??= { t: line.t, isRejected: line.error !== undefined }
    }
  }
  return writes
}
