// Floor 0. How a LevelDB database is opened, in Node: classic-level, an optional peer dependency, loaded when one is.
import type { ClassicLevel } from 'classic-level'
import { ConfigError } from './errors.js'

/** A database of texts. */
export type Level = ClassicLevel<string, string>

/** Whose database it is, and what it makes of one that can't be opened as it is. */
export interface LevelUser {
  /** The option that errors name. */
  readonly option: string
  /** What needs the package. */
  readonly name: string
  readonly encodings?: object
  /** The error of who finds that somebody else has it. */
  locked(cause: unknown): Error
  /** The error of who finds it damaged; undefined: what is left of it is repaired, and used. */
  damaged?(message: string, cause: unknown): Error | undefined
}

/** What LevelDB says of its own about a folder that it can't open. */
export function reasonOf(error: unknown): { readonly code: unknown; readonly message: string } {
  const { code, message } = ((error as { cause?: unknown }).cause ?? error) as { code?: unknown; message?: unknown }
  return { code, message: String(message) }
}

/** Opens the database in a folder, which is made where it is not there. @throws {ConfigError} where the package is not installed */
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
