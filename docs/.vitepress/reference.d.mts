import type { TypeDocOptions } from 'typedoc'

/** What each entry is, by its name. */
export declare const entries: Readonly<Record<string, string>>
declare const options: Partial<TypeDocOptions>
export default options
