// What an editor shows where one rests on an option: its docstring and its default, in the built declarations. What they
// say is held by test/unit/docs/options-page.test.ts.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../src/base/options.js'
import { kinds } from '../../src/client/kinds.js'
import { listKind } from '../../src/downlink/list/list-kind.js'
import { clientOptions } from '../../src/client/options.js'
import { laneOptions } from '../../src/host/lanes/options.js'
import { hostOptions } from '../../src/host/options.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** All that takes options: its table, and how it is called. */
const takers: Record<string, readonly [table: Record<string, Row>, before: string, after?: string]> = {
  'new SwimClient': [clientOptions, 'new SwimClient('],
  'new WarpHost': [hostOptions, 'new WarpHost('],
  downlinkMap: [kinds.downlinkMap.options, 'client.downlinkMap('],
  downlinkValue: [kinds.downlinkValue.options, 'client.downlinkValue('],
  downlinkEvent: [kinds.downlinkEvent.options, 'client.downlinkEvent('],
  downlinkList: [listKind.options, 'client.downlinkList('],
  mapLane: [laneOptions.map, `node.mapLane('l', `],
  valueLane: [laneOptions.value, `node.valueLane('l', `],
  commandLane: [laneOptions.command, `node.commandLane('l', `],
  supplyLane: [laneOptions.supply, `node.supplyLane('l', `],
  demandLane: [laneOptions.demand, `node.demandLane('l', `],
  demandMapLane: [laneOptions.demandMap, `node.demandMapLane('l', `],
  listLane: [laneOptions.list, `node.listLane('l', `],
  joinValueLane: [laneOptions.joinValue, `node.joinValueLane('l', `],
  joinMapLane: [laneOptions.joinMap, `node.joinMapLane('l', `],
}

/** A value of an option that compiles. */
const valueOf = (name: string, row: Row): string => {
  if (typeof row !== 'string') return JSON.stringify(row[0])
  if (name === 'webSocket') return 'WebSocket'
  if (row === 'a function') return '() => undefined'
  if (/schema/.test(row)) return 'z.string()'
  if (/list/.test(row)) return '[]'
  return row === 'a string' ? `'a'` : `undefined`
}

interface Place {
  readonly taker: string
  readonly name: string
  readonly row: Row
  readonly at: number
}

const places: Place[] = []
let text = `
import { SwimClient } from 'swimlink'
import { WarpHost, type HostNode } from 'swimlink/host'
import { z } from 'zod'
declare const client: SwimClient
declare const node: HostNode
`
for (const [taker, [table, before]] of Object.entries(takers)) {
  for (const [name, row] of Object.entries(table)) {
    text += `${before}{ `
    places.push({ taker, name, row, at: text.length })
    text += `${name}: ${valueOf(name, row)} })\n`
  }
}

const file = `${root}test/dist/hovered-by-hand.ts`
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: name => {
    const content = name === file ? text : ts.sys.readFile(name)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: false,
  }),
  getDefaultLibFileName: each => ts.getDefaultLibFilePath(each),
  fileExists: name => name === file || ts.sys.fileExists(name),
  readFile: name => (name === file ? text : ts.sys.readFile(name)),
  directoryExists: name => ts.sys.directoryExists(name),
})

test('the declarations are those of the built package', () => {
  const names = service
    .getProgram()!
    .getSourceFiles()
    .map(({ fileName }) => fileName)
  expect(names).toContain(`${root}dist/types/index.d.ts`)
  expect(names).not.toContain(`${root}src/index.ts`)
})

describe.each(Object.keys(takers))('at %s', taker => {
  test.each(places.filter(place => place.taker === taker).map(place => [place.name, place] as const))(
    '%s is explained',
    (name, { row, at }) => {
      const { documentation, tags = [] } = service.getQuickInfoAtPosition(file, at)!
      expect(ts.displayPartsToString(documentation), name).toMatch(/^\S.{10}/s)
      if (typeof row !== 'string') expect(tags.map(tag => tag.name)).toContain('default')
    },
  )
})
