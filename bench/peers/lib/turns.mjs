/** Does something with each of many, and lets sockets have their turn after every hundred. */
export async function turns(many, each) {
  let count = 0
  for (const one of many) {
    each(one)
    if (++count % 100 === 0) await new Promise(resolve => setImmediate(resolve))
  }
}
