// Faults laid into what a client notes: a history with one must be found out. Each is now and then, as real faults are.
import type { Note } from './lines.js'

/** What is noted in the place of a note. */
export type Liar = (note: Note) => readonly Note[]

const seldom = 0.06

export const liars: { readonly [name: string]: (random: () => number) => Liar } = {
  /** It shows again what it showed before. */
  'a stale value': random => {
    const before = new Map<string, string>()
    return note => {
      if (note.e !== 'update') return [note]
      const old = before.get(note.key)
      if (note.old !== undefined) before.set(note.key, note.old)
      if (old === undefined || note.old === undefined || random() > seldom) return [note]
      const back: Note = { e: 'update', key: note.key, v: old, old: note.v }
      return [note, back, { e: 'update', key: note.key, v: note.v, old }]
    }
  },
  'a ghost': random => note =>
    note.e === 'update' && random() < seldom
      ? [
          { ...note, v: 'nobody-1' },
          { e: 'update', key: note.key, v: note.v, old: 'nobody-1' },
        ]
      : [note],
  'a resurrected key': random => note =>
    note.e === 'gone' && random() < 10 * seldom ? [note, { e: 'update', key: note.key, v: note.old }, note] : [note],
  'taken before it is sent': random => note =>
    note.e === 'write' && note.op === 'put' && random() < seldom
      ? [note, { e: 'end', id: note.id, outcome: 'taken' }]
      : [note],
  'another map after quiet': () => note =>
    note.e === 'quiet'
      ? [{ ...note, entries: note.entries.length > 0 ? note.entries.slice(1) : [['k0', 'nobody-1']] }]
      : [note],
  'a missing callback': random => note => (note.e === 'update' && random() < seldom ? [] : [note]),
  'a doubled callback': random => note => (note.e === 'update' && random() < seldom ? [note, note] : [note]),
  'a wrong old value': random => note =>
    note.e === 'update' && note.old !== undefined && random() < seldom ? [{ ...note, old: undefined }] : [note],
  'the value of another key': random => {
    const shown = new Map<string, string>()
    return note => {
      if (note.e === 'update') shown.set(note.key, note.v)
      if (note.e !== 'read' || note.v === undefined || random() > seldom) return [note]
      const other = [...shown].find(([key]) => key !== note.key)
      return other === undefined ? [note] : [{ ...note, v: other[1] }]
    }
  },
  'a batch that lacks a change': random => note =>
    note.e === 'batch' && random() < 0.2 ? [{ e: 'batch', changes: note.changes.slice(1) }] : [note],
}
