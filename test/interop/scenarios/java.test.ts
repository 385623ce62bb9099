// The scenarios, on SwimOS Java.
import { java } from '../hosts/host-kind.js'
import { runScenarios } from './scenarios.js'

runScenarios(java)
