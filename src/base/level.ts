// Floor 0. Opens a LevelDB database in Node. classic-level, an optional peer dependency, is loaded only when one is opened.
import type { ClassicLevel } from 'classic-level'
import { ConfigError } from './errors.js'

/** A database of texts. */
export type Level = ClassicLevel<string, string>

/** The user of a database, and its errors when the database can't be opened. */
export interface LevelUser {
  /** The option that errors name. */
  readonly option: string
  /** The name of the feature that needs the package. */
  readonly name: string
  readonly encodings?: object
  /** The error when somebody else has the database open. */
  locked(cause: unknown): Error
  /** The error when the database is damaged. If there is none, the database is repaired, and the rest of its data is used. */
  damaged?(message: string, cause: unknown): Error | undefined
}

/** LevelDB's own reason why it can't open a folder. */
export function reasonOf(error: unknown): { readonly code: unknown; readonly message: string } {
  const { code, message } = ((error as { cause?: unknown }).cause ?? error) as { code?: unknown; message?: unknown }
  return { code, message: String(message) }
}

/** Opens the database in a folder. Makes the folder if it does not exist. @throws {ConfigError} if the package is not installed */
export async function openLevel(path: string, user: LevelUser): Promise<Level> {
  let level: { readonly ClassicLevel: typeof ClassicLevel }
  try {
    level = await import('classic-level')
  } catch (cause) {
    const needs = `${user.name} needs the package classic-level: npm install classic-level`
    throw new ConfigError(user.option, needs, { cause })
  }
  const db: Level = new level.ClassicLevel(path, user.encodings)
  try {
    await db.open()
  } catch (cause) {
    const { code, message } = reasonOf(cause)
    if (code === 'LEVEL_LOCKED') throw user.locked(cause)
    if (!/corrupt|missing|checksum|no such file/i.test(message)) throw cause
    const error = user.damaged?.(message, cause)
    if (error !== undefined) throw error
    await level.ClassicLevel.repair(path)
    await db.open()
  }
  return db
}
