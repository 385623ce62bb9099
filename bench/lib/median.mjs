/** The middle of some numbers; those that are undefined do not count. */
export function median(values) {
  const sorted = values.filter(value => value !== undefined).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
