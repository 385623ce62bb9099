// The state of a link, in words and a tone: always on show, never by colour alone.

/** What a downlink's status is called, and what goes with it. */
export function describe(status) {
  switch (status.state) {
    case 'synced':
      return { tone: 'good', label: 'Synced' }
    case 'stale':
      if (status.because === 'cached')
        return { tone: 'stale', label: `As of ${momentOf(status.asOf)}`, detail: 'kept from an earlier visit' }
      return status.because === 'disconnected'
        ? { tone: 'stale', label: 'Stale', detail: `no connection since ${new Date().toLocaleTimeString('en-GB')}` }
        : { tone: 'busy', label: 'Resyncing', detail: 'old entries stay readable' }
    case 'unlinked':
      return { tone: 'bad', label: 'Refused', detail: status.reason }
    case 'connecting':
      return { tone: 'busy', label: 'Connecting' }
    case 'closed':
      return { tone: 'idle', label: 'Closed' }
    default:
      return { tone: 'busy', label: status.state === 'syncing' ? 'Syncing' : 'Linking' }
  }
}

/** Shows it in a chip. */
export function showStatus(chip, status) {
  const { tone, label, detail } = describe(status)
  chip.dataset.tone = tone
  chip.replaceChildren(label)
  if (detail) {
    const small = document.createElement('small')
    small.textContent = detail
    chip.append(small)
  }
}

/** Most hosts answer sooner than this, in milliseconds: until then nobody is alarmed. */
const graceMs = 400

/** Marks what may be out of date. Entries of an earlier visit are, unless their lane is heard of in a moment. */
export function createStaleMark(...elements) {
  let timer
  const mark = isStale => elements.forEach(element => element.classList.toggle('stale', isStale))
  return function show(status) {
    clearTimeout(timer)
    if (isKept(status)) timer = setTimeout(mark, graceMs, true)
    else mark(status.state === 'stale' && status.because === 'disconnected')
  }
}

/** Tells, across the page, that the host is away, since when, and what that means for what is shown. */
export function createAwayBanner(banner) {
  let since
  let told
  const tell = () => {
    const [strong, command] = ['strong', 'code'].map(tag => document.createElement(tag))
    command.textContent = `npm start -- --port ${location.port}`
    strong.textContent = isKept(told)
      ? `As of ${momentOf(told.asOf)}: the host is away.`
      : `The host is away since ${since.toLocaleTimeString('en-GB')}.`
    let what = ' What you see is what it said last; writes wait here. '
    if (isKept(told))
      what =
        ' What you see is kept from an earlier visit. What you write is kept too, and goes out when the host is back. '
    else if (told.state === 'connecting') what = ' Nothing of it is kept here. '
    banner.replaceChildren(strong, what, command, ' brings it back.')
    banner.hidden = false
  }
  return function show(status) {
    told = status
    const isAway =
      status.state === 'connecting' || isKept(status) || (status.state === 'stale' && status.because === 'disconnected')
    if (!isAway) {
      since = undefined
      banner.hidden = true
    } else if (since === undefined) {
      since = new Date()
      setTimeout(() => since !== undefined && tell(), graceMs)
    } else if (!banner.hidden) tell()
  }
}

const isKept = status => status.state === 'stale' && status.because === 'cached'

/** The time of day; of another day, its date too. */
function momentOf(date) {
  const time = date.toLocaleTimeString('en-GB', { timeStyle: 'short' })
  if (date.toDateString() === new Date().toDateString()) return time
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`
}

/** For `onError`: a lost connection is on show anyway, and is no news in the console. */
export function tellErrors(error) {
  if (error.code !== 'transport') console.warn(error.message)
}
