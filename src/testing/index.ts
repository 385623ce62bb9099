// Floor 8. The public door of `swimlink/testing`: a host in memory, in virtual time, for tests of applications.
export { TestHostError } from './kit-error.js'
export type { TestFrame } from './frame-log.js'
export type { TestClient } from './party.js'
export { RecordedHost, recordedHost, type RecordedHostOptions } from './recorded-host.js'
export { TestHost, testHost } from './test-host.js'
export type { TestHostOptions } from './test-host-options.js'
export type { TestLaneKind, WriteRule, WriteTransform } from './test-lanes.js'
export { VirtualClock } from './virtual-clock.js'
