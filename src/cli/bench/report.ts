// Floor 9. The result of a bench, for people and for programs.
import { tableOf, type Size } from '../table.js'
import type { Summary } from './samples.js'

export interface Report {
  readonly host: string
  readonly node: string
  readonly lane: string
  readonly kind: string
  readonly entries: number
  readonly clients: number
  readonly seconds: number
  /** In milliseconds. */
  readonly times: { readonly [name: string]: Summary }
  /** Per second, for all clients together. */
  readonly perSecond: { readonly updatesIn: number; readonly bytesIn: number; readonly writesOut?: number }
  readonly refused?: number
}

const whole = (number: number) =>
  Math.round(number)
    .toLocaleString('en')
    .replaceAll(',', '\u202f')
    .replace(/\u202f/g, ' ')

export function linesOfReport(report: Report, size: Size): string[] {
  const { host, node, lane, entries, clients, seconds, times, perSecond, refused = 0 } = report
  const { updatesIn, bytesIn, writesOut } = perSecond
  return [
    `${lane} of ${node} at ${host}: ${whole(entries)} ${entries === 1 ? 'entry' : 'entries'}, ${clients} ${clients === 1 ? 'client' : 'clients'}, ${seconds} s`,
    '',
    ...tableOf(
      Object.entries(times).map(([name, { samples, median, p95 = '-', p99 = '-' }]) => [
        name,
        { median, p95, p99, samples },
      ]),
      size,
      'ms',
    ),
    '',
    `received: ${whole(updatesIn)} updates/s, ${whole(bytesIn / 1000)} kB/s`,
    ...(writesOut === undefined ? [] : [`written: ${whole(writesOut)} entries/s`]),
    ...(refused === 0 ? [] : [`refused: ${whole(refused)} writes`]),
  ]
}
