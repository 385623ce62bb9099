/** What one entry weighs, and may weigh, in bytes. */
export interface Size {
  readonly file: string
  readonly minified: number
  readonly gzipped: number
  readonly limit: number
  readonly goal: number
}

export function sizes(): Promise<Readonly<Record<string, Size>>>
export function statedSizes(readme: string): Readonly<Record<string, number>>
