// The scenarios, on SwimOS Rust.
import { rust } from '../hosts/host-kind.js'
import { runScenarios } from './scenarios.js'

runScenarios(rust)
