// What has been installed for this bench, and in which versions.
import { existsSync, readFileSync } from 'node:fs'

const at = (folder, name) => new URL(`../../${folder}/node_modules/${name}/package.json`, import.meta.url)

/** Why packages of a folder of bench/ can't be used; undefined where they can. */
export const notInstalled = (folder, name, flags = '--ignore-scripts') =>
  existsSync(at(folder, name)) ? undefined : `not installed: npm --prefix bench/${folder} install ${flags}`

/** A package with its version, as it is told in the results. */
export const part = (folder, name) => `${name} ${JSON.parse(readFileSync(at(folder, name), 'utf8')).version}`
