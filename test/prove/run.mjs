// Runs main.ts as it is: `npm run prove -- --minutes 10 --seed 7 --host rust --clients 4`.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { logLevel: 'error' })
process.exit(await module.main(process.argv.slice(2)))
