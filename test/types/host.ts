// What the types of swimlink/host let through, and what they do not: checked by tsc, never run.
import { z } from 'zod'
import { refuse, WarpHost, type MapLane, type ValueLane } from '../../src/host/index.js'

const host = new WarpHost()

host.node('/building/:floor/:room', node => {
  const room: string = node.params.room
  const floor: string = node.params.floor
  // @ts-expect-error the pattern names no such part
  void node.params.wing

  const cart = node.mapLane<string, number>('cart', {
    willUpdate: (key, value) => (key === room ? refuse : value + 1),
    didUpdate: (key, value, old) => [key.length, value.toFixed(), old?.toFixed()],
  })
  cart.set(floor, 1)
  // @ts-expect-error a value of another type
  cart.set(floor, 'one')
  // @ts-expect-error a map lane sends no commands
  cart.emit(1)

  const typed: MapLane<string, Date> = node.mapLane('typed', { keySchema: z.string(), valueSchema: z.date() })
  typed.set('a', new Date())

  const open: ValueLane<boolean> = node.valueLane<boolean>('open', { initial: false })
  open.set(!open.get())
  const any = node.valueLane('any', { initial: 1 })
  any.set({ more: ['than', 1] })

  node.commandLane('add', { schema: z.number(), onCommand: (count, session) => [count.toFixed(), session?.url] })
  node.joinMapLane<string, number>('joined').join('a', { nodeUri: '/a', laneUri: 'b' })
  // @ts-expect-error a lane to join has a node
  node.joinMapLane<string, number>('other').join('a', { laneUri: 'b' })
})

host.nodeRef('/building/1/2').lane('cart', 'map').set('a', 1)
// @ts-expect-error a value lane has no entries
host.nodeRef('/building/1/2').lane('open', 'value').clear()
// @ts-expect-error no such kind
host.nodeRef('/building/1/2').lane('open', 'no')

const pattern: string = '/from/:somewhere'
host.node(pattern, node => void node.params['somewhere'])

// @ts-expect-error an option that is none
void new WarpHost({ ports: 1 })

// An option misspelt beside one that is right, at every kind of lane.
const refused = () => false
host.node('/misspelt', node => {
  // @ts-expect-error no such option
  node.mapLane('a', { canRead: refused, canWirte: refused })
  // @ts-expect-error no such option
  node.mapLane<string, number>('b', { transient: true, didUpdated: () => {} })
  // @ts-expect-error no such option
  node.valueLane('c', { initial: 1, initially: 1 })
  // @ts-expect-error no such option
  node.valueLane<number>('d', { canRead: refused, didSets: () => {} })
  // @ts-expect-error no such option
  node.commandLane('e', { onCommand: () => {}, onComand: () => {} })
  // @ts-expect-error no such option
  node.supplyLane('f', { canRead: refused, canReed: refused })
  // @ts-expect-error no such option
  node.demandLane('g', { onCue: () => 1, onQueue: () => 1 })
  // @ts-expect-error no such option
  node.joinValueLane('h', { didUpdate: () => {}, didUpdates: () => {} })
  // @ts-expect-error no such option
  node.joinMapLane('i', { cuts: 'keep', cut: 'keep' })
})
// @ts-expect-error no such option
void new WarpHost({ port: 1, ports: 1 })
