// Interop support. Our own embedded host as a process: prints `listening PORT`, and ends on SIGTERM, SIGINT or the end of its
// standard input, so that a test runner that dies leaves no host behind.
import { WarpHost } from '../../../src/host/index.js'
import { definePlane } from './plane.js'

async function main(): Promise<void> {
  const at = process.argv.indexOf('--port')
  const host = definePlane(new WarpHost({ canReadMeta: () => true, port: at < 0 ? 0 : Number(process.argv[at + 1]) }))
  const end = () => {
    void host.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', end).once('SIGINT', end)
  process.stdin.once('close', end).resume()
  const { port } = await host.listen()
  console.log(`listening ${port}`)
}

main().catch((problem: unknown) => {
  console.error(problem)
  process.exit(1)
})
