// WebKit, as far as Debian has it: WebKitGTK, by its own driver and on a display that nobody sees.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, test, vi } from 'vitest'
import type { Site } from '../browser/support/site.js'
import { goesThrough, scenarioPages, serveScenario } from './scenario-site.js'

const driver = '/usr/bin/WebKitWebDriver'
const screen = '/usr/bin/Xvfb'
const missing = [driver, screen].filter(path => !existsSync(path))
const name = 'WebKitGTK'

describe(name, () => {
  const processes: ChildProcess[] = []
  let site: Site
  let session: string
  let url: string

  /** A command of WebDriver. */
  async function command(path: string, given?: object): Promise<unknown> {
    const method = given === undefined ? 'DELETE' : 'POST'
    const response = await fetch(url + path, { method, ...(given && { body: JSON.stringify(given) }) })
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`)
    return value
  }

  beforeAll(async () => {
    if (missing.length > 0) return
    site = await serveScenario()
    const xvfb = spawn(screen, ['-displayfd', '3'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    processes.push(xvfb)
    const display = await new Promise<string>(ready => xvfb.stdio[3]!.once('data', data => ready(String(data).trim())))
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    // Within a container there is nothing that its sandbox could be made of.
    const env = { ...process.env, DISPLAY: `:${display}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
    processes.push(spawn(driver, [`--port=${port}`], { stdio: 'ignore', env }))
    await vi.waitFor(() => fetch(`${url}/status`), { timeout: 10_000 })
    session = ((await command('/session', { capabilities: {} })) as { sessionId: string }).sessionId
  })

  beforeEach(({ skip }) => {
    if (missing.length === 0) return
    skip(`${name}: not run: there is no ${missing.join(' and no ')} (Debian: apt-get install webkit2gtk-driver xvfb)`)
  })

  afterAll(async () => {
    if (session !== undefined) await command(`/session/${session}`)
    for (const each of processes.reverse()) each.kill()
    await site?.close()
  })

  test.each(scenarioPages)('goes through the scenario: $how', each =>
    goesThrough(each, site.origin, async page => {
      await command(`/session/${session}/url`, { url: page })
      return expression => command(`/session/${session}/execute/sync`, { script: `return ${expression}`, args: [] })
    }),
  )
})

const freePort = () =>
  new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
