// The steps of which the histories of these tests are made.
import type { Line, Note } from '../../prove/lines.js'

export type By = 'host' | 'a' | 'b' | 'c' | 'observer' | 'runner'
export type Step = readonly [by: By, note: Note]

/** A line each millisecond. */
export const history = (...steps: readonly Step[]): Line[] => steps.map(([by, note], t) => ({ t, by, ...note }))

export const up: Step = ['host', { e: 'up' }]
export const start = (by: By): Step => [by, { e: 'start' }]
export const synced = (by: By): Step => [by, { e: 'synced' }]
export const put = (by: By, id: string, key = 'k'): Step => [by, { e: 'write', op: 'put', id, key }]
export const remove = (by: By, id: string, key = 'k'): Step => [by, { e: 'write', op: 'remove', id, key }]
export const hold = (v: string, key = 'k'): Step => ['host', { e: 'hold', key, v }]
export const drop = (key = 'k'): Step => ['host', { e: 'drop', key }]
export const update = (by: By, v: string, old?: string, key = 'k'): Step => [by, { e: 'update', key, v, old }]
export const gone = (by: By, old: string, key = 'k'): Step => [by, { e: 'gone', key, old }]
export const batch = (by: By, v?: string, key = 'k'): Step => [by, { e: 'batch', changes: [{ key, v }] }]
export const read = (by: By, v?: string, key = 'k'): Step => [by, { e: 'read', key, v }]
export const taken = (by: By, id: string): Step => [by, { e: 'end', id, outcome: 'taken' }]
export const rejected = (by: By, id: string): Step => [by, { e: 'end', id, error: 'refused' }]
export const truth = (v?: string): Step => ['runner', { e: 'truth', entries: v === undefined ? [] : [['k', v]] }]
export const quiet = (by: By, v?: string): Step => [
  by,
  { e: 'quiet', entries: v === undefined ? [] : [['k', v]], synced: true, unsettled: 0 },
]
