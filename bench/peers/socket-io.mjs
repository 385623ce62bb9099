// socket.io: it carries events, and the application keeps the map at both ends. Over WebSockets alone, with its own recovery.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { notInstalled, part } from './lib/installed.mjs'
import { turns } from './lib/turns.mjs'

export const title = 'socket.io'
export const parts = () => ['socket.io', 'socket.io-client'].map(name => part('peers', name))
export const missing = () => notInstalled('peers', 'socket.io')
export const waits = []
export const page = { folder: 'peers', code: `export { io } from 'socket.io-client'` }

export async function startServer() {
  const { Server } = await import('socket.io')
  const map = new Map()
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'], connectionStateRecovery: {} })
  io.on('connection', socket => {
    if (!socket.recovered) socket.emit('all', [...map])
    socket.on('set', (key, value, done) => {
      map.set(key, value)
      socket.broadcast.emit('set', key, value)
      done()
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    port: http.address().port,
    fill: entries => turns(entries, ([key, value]) => map.set(key, value)),
    set: changes =>
      turns(changes, ([key, value]) => {
        if (value === undefined) {
          map.delete(key)
          io.emit('delete', key)
        } else {
          map.set(key, value)
          io.emit('set', key, value)
        }
      }),
    read: () => [...map],
    close: () => io.close(),
  }
}

export async function client() {
  const { io } = await import('socket.io-client')
  return ({ port, changed }) => {
    const socket = io(`ws://127.0.0.1:${port}`, { transports: ['websocket'] })
    let map = new Map()
    let hasAll
    const ready = new Promise(resolve => (hasAll = resolve))
    socket.on('all', entries => {
      map = new Map(entries)
      hasAll()
      changed(entries.length)
    })
    socket.on('set', (key, value) => {
      map.set(key, value)
      changed()
    })
    socket.on('delete', key => {
      map.delete(key)
      changed()
    })
    return {
      ready,
      size: () => map.size,
      get: key => map.get(key),
      put(key, value) {
        map.set(key, value)
        return new Promise(resolve => socket.emit('set', key, value, resolve))
      },
    }
  }
}
