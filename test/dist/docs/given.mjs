// The names that the documentation's code uses without saying where they come from: its readers have them already. The host is
// the one whose address this module's process is given.
import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { SwimClient } from 'swimlink'
import { parse } from 'swimlink/recon'
import { z } from 'zod'

export { SwimClient, parse, readFileSync, z }
export const client = new SwimClient()
export const lobby = client.hostRef(process.argv.at(-1) ?? '').nodeRef('/hotel/lobby')
export const controller = new AbortController()
export const freshToken = async () => 'open sesame'
export const render = (/** @type {unknown} */ shown) => console.log('rendered:', shown)
export const text = '{a:1}'
export const cert = ''
export const key = ''

/** Where the code says what an expression gives. */
export const claim = (/** @type {string} */ where, /** @type {unknown} */ actual, /** @type {unknown} */ claimed) =>
  deepStrictEqual(actual, claimed, `${where} gives ${inspect(actual)}`)
