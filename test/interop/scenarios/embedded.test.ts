// The scenarios, on our own embedded host.
import { embedded } from '../hosts/host-kind.js'
import { runScenarios } from './scenarios.js'

runScenarios(embedded)
