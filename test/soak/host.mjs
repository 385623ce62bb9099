// The host of the soak, a process of its own that is killed now and then: its lanes change by themselves, and it says what it holds.
import { WarpHost } from 'swimlink/host'
import { heldBytes } from '../support/held.mjs'

const [port, entries, changesPerSecond] = process.argv.slice(2).map(Number)
const host = new WarpHost({ port })
for (let n = 0; n < 20; n++) {
  host.node(`/room/${n}`, node => {
    const map = node.mapLane('map')
    for (let i = 0; i < entries; i++) map.set(`k${i}`, { n: i, floor: i % 40, isOn: i % 2 === 0 })
    node.valueLane('value').set(0)
    node.listLane('list').push('first')
    node.commandLane('command')
  })
}
await host.listen()

let turn = 0
const changes = setInterval(() => {
  for (let i = 0; i < changesPerSecond / 20; i++, turn++) {
    const room = host.nodeRef(`/room/${turn % 20}`)
    const key = `k${(turn * 7) % entries}`
    if (turn % 50 === 0) room.lane('map', 'map').delete(key)
    else room.lane('map', 'map').set(key, { n: turn, floor: turn % 40, isOn: turn % 3 === 0 })
    if (turn % 20 === 0) room.lane('value', 'value').set(turn)
  }
}, 50)

const answers = {
  sample: async () => ({ bytes: await heldBytes(), ...host.load }),
  quiet: () => clearInterval(changes),
  maps: () => Array.from({ length: 20 }, (_, n) => Object.fromEntries(host.nodeRef(`/room/${n}`).lane('map', 'map'))),
}
process.on('message', async asked => process.send({ asked, answer: await answers[asked]() }))
process.send({ asked: 'start' })
