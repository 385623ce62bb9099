// What docs/START.md promises, tried with the packed package: what each section prints, and what its page shows and follows.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, openPage, type OpenPage } from '../../browser/support/chromium.js'
import { builtPackage } from '../../support/built.js'
import { packed } from '../../support/consumer.js'
import { freePort, stepsOf, Terminals, type Running, type Step } from './page.js'

export interface Ways {
  /** Does a line of the page in another way than a shell would, and says whether it has. */
  own(line: string, folder: string, tarball: string): Promise<boolean>
  /** What is typed at the end in the folder of a framework. */
  readonly last?: string
}

const run = (step: Step | undefined) => (step as Extract<Step, { type: 'run' }>).lines
const file = (step: Step | undefined) => step as Extract<Step, { type: 'file' }>
const prints = (step: Step | undefined) => (step as Extract<Step, { type: 'prints' }>).text

const shapes: Record<string, string[]> = {
  'A host': ['run', 'run'],
  Node: ['file', 'run', 'prints', 'run', 'prints'],
  'A page': ['file', 'run'],
  ...Object.fromEntries(['React', 'Vue', 'Svelte', 'Solid'].map(name => [name, ['run', 'file', 'run', 'run']])),
}

/** How long a page may take to show what it should, on a machine that is busy with other things. */
const patienceMs = 60_000

export function startTests({ own, last }: Ways): void {
  let folder: string
  let hotel: string
  let terminals: Terminals
  let port: number
  let host: Running
  let browser: Browser

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'swimlink-start-'))
    const tarball = await packed(await builtPackage(), folder)
    port = await freePort()
    terminals = new Terminals(port, (line, folder) => own(line, folder, tarball))
    browser = await launch()
    const [commands] = stepsOf('A host')
    ;({ folder: hotel } = await terminals.type(run(commands).slice(0, -1), folder))
    host = terminals.start(run(commands).at(-1)!, hotel)
    await host.until(new RegExp(`^warp://127.0.0.1:${port}$`, 'm'))
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    await terminals?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** What the section on the host puts into the lane. */
  const fill = async () => (await terminals.type(run(stepsOf('A host')[1]), hotel)).printed

  test('sections have the steps that are tried here, and no others', () => {
    for (const [heading, shape] of Object.entries(shapes))
      expect(
        stepsOf(heading).map(({ type }) => type),
        heading,
      ).toEqual(shape)
  })

  test('the host takes what is put into its lane', async () => {
    expect(await fill()).toBe('taken\ntaken\n')
  })

  test('a program in Node prints the map, and prints it again when another writes', async () => {
    const [script, command, first, put, second] = stepsOf('Node')
    await fill()
    await terminals.paste(file(script), hotel)
    const program = terminals.start(run(command)[0]!, hotel)
    await program.until(/\n/)
    expect(program.output()).toBe(prints(first))
    await terminals.type(run(put), hotel)
    await program.until(/\n.*\n/)
    expect(program.output()).toBe(prints(first) + prints(second))
    await program.stop()
  })

  const buttons = ({ page }: OpenPage) => page.locator('main button').allInnerTexts()
  const shows = (opened: OpenPage, guest: number) =>
    expect.poll(() => buttons(opened), { timeout: patienceMs }).toEqual([`guest: floor ${guest}`, 'service: floor 2'])

  /** Two windows: a press in one shows in the other, and what is put from a terminal in both. */
  async function follows(url: string, put: readonly string[]): Promise<void> {
    await fill()
    const windows = [await openPage(browser, url), await openPage(browser, url)]
    for (const opened of windows) await shows(opened, 4)
    await windows[0]!.page.getByRole('button', { name: 'guest' }).click()
    for (const opened of windows) await shows(opened, 5)
    expect((await terminals.type(put, hotel)).printed).toBe('taken\n')
    for (const opened of windows) await shows(opened, 7)
    for (const { page, faults } of windows) {
      expect(faults.filter(fault => !/favicon|404/.test(fault))).toEqual([])
      await page.context().close()
    }
  }

  test('a page without a bundler shows the lane, and follows', async () => {
    const [page, put] = stepsOf('A page')
    await terminals.paste(file(page), hotel)
    await follows(`http://127.0.0.1:${port}/`, run(put))
  }, 120_000)

  const frameworks = ['React', 'Vue', 'Svelte', 'Solid'].map(name => ({ name, tags: name === 'React' ? [] : ['slow'] }))
  for (const { name: framework, tags } of frameworks)
    test(`a page of ${framework} shows the lane, and follows`, { tags, timeout: 240_000 }, async () => {
      const [create, component, serve, put] = stepsOf(framework)
      const { folder: project } = await terminals.type(run(create), hotel)
      await terminals.paste(file(component), project)
      const server = terminals.start(`${run(serve)[0]} -- --port ${await freePort()} --strictPort`, project)
      const [url] = await server.until(/http:\/\/localhost:\d+\//)
      await follows(url, run(put))
      await server.stop()
      if (last !== undefined) await terminals.type([last], project)
    })

  test('what is written while the host is away is sent when it is back, to a lane that is empty', async () => {
    await fill()
    const opened = await openPage(browser, `http://127.0.0.1:${port}/`)
    await shows(opened, 4)
    await host.stop()
    await opened.page.getByRole('button', { name: 'guest' }).click()
    await shows(opened, 5)
    host = terminals.start(run(stepsOf('A host')[0]).at(-1)!, hotel)
    await host.until(/^warp:/m)
    await expect.poll(() => buttons(opened), { timeout: patienceMs }).toEqual(['guest: floor 5'])
    await opened.page.context().close()
  }, 120_000)
}
