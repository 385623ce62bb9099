// Firefox, driven over WebDriver BiDi by a puppeteer that is kept outside the clone.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installed } from './install.js'
import { versions } from './versions.js'

/** What of puppeteer's is used here. */
export interface Page {
  evaluate<T>(script: string): Promise<T>
  goto(url: string): Promise<unknown>
  title(): Promise<string>
  bringToFront(): Promise<void>
  setOfflineMode(isOffline: boolean): Promise<void>
  close(): Promise<void>
  on(type: 'console', listener: (message: { type(): string; text(): string }) => void): unknown
  on(type: 'pageerror', listener: (error: Error) => void): unknown
}

export interface Browser {
  newPage(): Promise<Page>
  version(): Promise<string>
  close(): Promise<void>
}

/** The Firefox to run; a machine without one fails with what to do about it, as with Chromium. */
function firefoxPath(): string {
  const { FIREFOX_PATH } = process.env
  const found = [FIREFOX_PATH ?? '/usr/bin/firefox-esr', ...(FIREFOX_PATH ? [] : ['/usr/bin/firefox'])].find(existsSync)
  if (found !== undefined) return found
  throw new Error(
    'there is no Firefox: install one (Debian: apt-get install firefox-esr), or set FIREFOX_PATH to where it is',
  )
}

/** As `Mozilla Firefox 153.7.0esr`. */
export const firefoxVersion = (): string => execFileSync(firefoxPath(), ['--version'], { encoding: 'utf8' }).trim()

export async function launchFirefox(): Promise<Browser> {
  const executablePath = firefoxPath()
  const modules = await installed('puppeteer-core', versions['puppeteer-core'])
  const entry = join(modules, 'puppeteer-core/lib/esm/puppeteer/puppeteer-core.js')
  const { launch } = (await import(pathToFileURL(entry).href)) as { launch(options: object): Promise<Browser> }
  return launch({ browser: 'firefox', executablePath, headless: true })
}

/** A page, and what it has complained of: errors of scripts, and of the console. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('console', message => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', error => faults.push(error.message))
  await page.goto(url)
  return { page, faults }
}
