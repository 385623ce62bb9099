/** What a process held at one moment of a soak, by name. */
export interface SoakSample {
  readonly client: Readonly<Record<'bytes' | 'timers' | 'listeners' | 'sockets' | 'links' | 'pending', number>>
}
export function grows(samples: readonly SoakSample[]): string[]
