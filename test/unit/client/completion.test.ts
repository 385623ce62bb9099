// What an editor shows: the docstring of every step, option, method and callback, at the place where it is typed.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const file = `${root}test/types/typed-by-hand.ts`
const text = `
import { SwimClient, type SwimClientOptions } from '../../src/index.js'
const client = new SwimClient()
client./*client*/close
client.downlinkMap()./*mapBuilder*/open
client.downlinkValue()./*valueBuilder*/schema
client.downlinkEvent()./*eventBuilder*/hostUri
client.hostRef('')./*host*/nodeRef
client.downlinkMap({ /*mapOptions*/ })
const options: SwimClientOptions = { /*clientOptions*/ }
const map = client.downlinkMap({ hostUri: '', nodeUri: '', laneUri: '' }).open()
map./*map*/get
const value = client.downlinkValue({ hostUri: '', nodeUri: '', laneUri: '' }).open()
value./*value*/get
const event = client.downlinkEvent({ hostUri: '', nodeUri: '', laneUri: '' }).open()
event./*event*/command
map.on('didFail', error => error./*error*/code)
`

let service: ts.LanguageService

beforeAll(() => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, path => ts.sys.readFile(path)) as { config: object }
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
  service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: name => {
      const content = name === file ? text : ts.sys.readFile(name)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => options,
    getDefaultLibFileName: each => ts.getDefaultLibFilePath(each),
    fileExists: name => name === file || ts.sys.fileExists(name),
    readFile: name => (name === file ? text : ts.sys.readFile(name)),
    directoryExists: name => ts.sys.directoryExists(name),
  })
})

test.each([
  ['client', 10],
  ['mapBuilder', 30],
  ['valueBuilder', 25],
  ['eventBuilder', 22],
  ['host', 5],
  ['mapOptions', 30],
  ['clientOptions', 25],
  ['map', 30],
  ['value', 13],
  ['event', 9],
  ['error', 1],
])('everything that %s offers is explained', (place, atLeast) => {
  const at = text.indexOf(`/*${place}*/`) + place.length + 4
  const { entries } = service.getCompletionsAtPosition(file, at, {})!
  // What Error and Map have by themselves is explained by TypeScript, or by its name.
  const offered = entries.filter(({ name }) => !/^(name|message|stack|cause|size|\[|__)/.test(name))
  const mute = offered.filter(({ name }) => {
    const details = service.getCompletionEntryDetails(file, at, name, undefined, undefined, undefined, undefined)
    return ts.displayPartsToString(details?.documentation) === ''
  })
  expect(mute.map(({ name }) => name)).toEqual([])
  expect(offered.length).toBeGreaterThanOrEqual(atLeast)
})
