// What a page loads of a peer's client, in bytes.
import { fileURLToPath } from 'node:url'
import { pageSize } from '../../lib/page-size.mjs'

export async function sizeOf({ folder, code, external }) {
  const resolveDir = fileURLToPath(new URL(`../../${folder}/`, import.meta.url))
  return (await pageSize({ resolveDir, code, external })).gzipped
}
