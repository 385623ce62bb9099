// Interop scenarios. The one suite that runs on every host.
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import type { HostKind } from '../hosts/host-kind.js'
import { closingScenarios } from './closing.js'
import { kindScenarios } from './kinds.js'
import { Kit } from './kit.js'
import { laneScenarios } from './lanes.js'
import { listScenarios } from './lists.js'
import { outageScenarios } from './outages.js'
import { outcomeScenarios } from './outcomes.js'
import { readingScenarios } from './reading.js'
import { writingScenarios } from './writing.js'

export function runScenarios(kind: HostKind): void {
  const kit = new Kit(kind)
  let missing: string | undefined

  beforeAll(async () => {
    missing = await kind.missing()
    if (missing === undefined) await kit.start()
  })
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(`${kind.name}: not run: ${missing}`)
  })
  afterEach(() => kit.clean())
  afterAll(() => kit.stop())

  describe(`swimlink and ${kind.name}`, () => {
    readingScenarios(kit)
    writingScenarios(kit)
    outcomeScenarios(kit)
    closingScenarios(kit)
    kindScenarios(kit)
    laneScenarios(kit)
    listScenarios(kit)
    outageScenarios(kit)
  })
}
