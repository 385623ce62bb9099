// The browser that pages are tested in.
import { existsSync } from 'node:fs'
import { chromium, type Browser, type LaunchOptions, type Page } from 'playwright-core'

/** The Chromium to run; a machine without one fails with what to do about it, as a test that is passed over would tell nobody. */
export function chromiumPath(): string {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (existsSync(path)) return path
  throw new Error(
    `there is no Chromium at ${path}: install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to where it is`,
  )
}

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launch(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: chromiumArgs, ...options })
}

export interface OpenPage {
  readonly page: Page
  /** What the page complained of: a page is only well when there is nothing at its end. */
  readonly faults: string[]
  /** The frames that its own WebSockets sent. */
  readonly sent: string[]
}

/** Opens a page in a context of its own; close that when done. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const page = await (await browser.newContext()).newPage()
  const faults: string[] = []
  const sent: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('websocket', socket => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
  await page.goto(url)
  return { page, faults, sent }
}
