// What is counted, as one module: all that reads and writes Recon, and the envelopes above it.
export * from '../../../src/recon/index.js'
export { forget } from '../../../src/recon/shape.js'
export { MapOpReader } from '../../../src/warp/map-op.js'
export { readEnvelope } from '../../../src/warp/read-envelope.js'
