// Floor 6. An exact sum of numbers that are added and removed. It is held as several numbers that share no bit, so that a removed
// number leaves no rounding error behind.

/** Numbers above this are held scaled down, so that no sum of finite numbers overflows on the way. */
const large = 2 ** 960
const scale = 2 ** 64

/** Adds a number to numbers that share no bit. */
function add(parts: number[], x: number): void {
  let count = 0
  for (let y of parts) {
    if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x]
    const high = x + y
    const low = y - (high - x)
    if (low !== 0) parts[count++] = low
    x = high
  }
  parts.length = count
  if (x !== 0) parts.push(x)
}

/** The number nearest to their sum; the same for equal sums, whatever their parts. */
function round(parts: readonly number[]): number {
  let i = parts.length
  if (i === 0) return 0
  let high = parts[--i]!
  let low = 0
  while (i > 0 && low === 0) {
    const x = high
    const y = parts[--i]!
    high = x + y
    low = y - (high - x)
  }
  // If the sum is exactly between two numbers, the next part decides.
  if (i > 0 && low !== 0 && low > 0 === parts[i - 1]! > 0) {
    const x = high + low * 2
    if (x - high === low * 2) return x
  }
  return high
}

export class ExactSum {
  /** The sum of integers, while it is exact. In most lanes there are hardly any other numbers. */
  #whole = 0
  readonly #parts: number[] = []
  readonly #large: number[] = []
  /** How many numbers were added that are not finite. */
  #nans = 0
  #above = 0
  #below = 0

  add(x: number): void {
    this.#add(x, 1)
  }

  /** Removes a number that was added before. */
  remove(x: number): void {
    this.#add(-x, -1)
  }

  get value(): number {
    if (this.#nans > 0 || (this.#above > 0 && this.#below > 0)) return NaN
    if (this.#above > 0) return Infinity
    if (this.#below > 0) return -Infinity
    if (this.#parts.length === 0 && this.#large.length === 0) return this.#whole
    const parts = [...this.#parts]
    add(parts, this.#whole)
    return this.#large.length === 0 ? round(parts) : round(this.#large) * scale + round(parts)
  }

  #add(x: number, sign: 1 | -1): void {
    const whole = this.#whole + x
    if (Number.isSafeInteger(x) && Number.isSafeInteger(whole)) this.#whole = whole
    else if (Number.isFinite(x)) {
      if (Math.abs(x) < large) add(this.#parts, x)
      else add(this.#large, x / scale)
    } else if (x !== x) this.#nans += sign
    else if (x > 0 === sign > 0) this.#above += sign
    else this.#below += sign
  }
}
