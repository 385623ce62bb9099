// Errors are a union that `code` narrows, wherever they come from. Checked by the compiler alone (`npm run types`).
import { expectTypeOf } from 'vitest'
import {
  SwimClient,
  SwimError,
  TimeoutError,
  type ErrorCode,
  type LaneKind,
  type SchemaIssue,
  type TransportError,
} from '../../src/index.js'

expectTypeOf<SwimError['code']>().toEqualTypeOf<ErrorCode>()
expectTypeOf<Extract<SwimError, { code: 'transport' }>>().toEqualTypeOf<TransportError>()

function narrow(error: SwimError) {
  expectTypeOf(error.hostUri).toEqualTypeOf<string | undefined>()
  // @ts-expect-error -- of one kind alone
  void error.issues
  switch (error.code) {
    case 'schema':
      return expectTypeOf(error.issues).toEqualTypeOf<readonly SchemaIssue[]>()
    case 'transport':
      return expectTypeOf(error.closeCode).toEqualTypeOf<number>()
    case 'laneKind':
      return expectTypeOf(error.found).toEqualTypeOf<LaneKind>()
    case 'timeout':
      return expectTypeOf(error).toEqualTypeOf<TimeoutError>()
    case 'recon':
      return expectTypeOf(error.offset).toEqualTypeOf<number>()
    case 'callback':
    case 'auth':
    case 'closed':
    case 'config':
    case 'conflict':
    case 'cache':
    case 'overflow':
    case 'protocol':
    case 'refused':
    case 'unlinked':
      return
  }
  // All codes are named above.
  expectTypeOf(error).toBeNever()
}

const client = new SwimClient({ hostUri: 'warp://host', onError: narrow })
client.on('error', narrow)
client.downlinkMap({ nodeUri: '/n', laneUri: 'l', didFail: narrow }).open().on('didFail', narrow)

try {
  client.downlinkEvent({ nodeUri: '/n', laneUri: 'l' }).open()
} catch (error) {
  if (error instanceof SwimError) narrow(error)
  if (error instanceof SwimError && error.code === 'overflow') expectTypeOf(error.limit).toEqualTypeOf<number>()
  if (error instanceof TimeoutError) expectTypeOf(error.afterMs).toEqualTypeOf<number>()
}
