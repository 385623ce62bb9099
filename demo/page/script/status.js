// The state of a link, in words and a tone: always on show, never by colour alone.

/** What a downlink's status is called, and what goes with it. */
export function describe(status) {
  switch (status.state) {
    case 'synced':
      return { tone: 'good', label: 'Synced' }
    case 'stale':
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

/** Tells, across the page, that the host is away, since when, and what that means for what is shown. */
export function createAwayBanner(banner) {
  let since
  return function show(status) {
    const isAway = status.state === 'connecting' || (status.state === 'stale' && status.because === 'disconnected')
    if (isAway && since === undefined) {
      since = new Date()
      // The first connection gets a moment before anybody is alarmed.
      setTimeout(() => {
        if (since === undefined) return
        const strong = document.createElement('strong')
        strong.textContent = `The host is away since ${since.toLocaleTimeString('en-GB')}.`
        const command = document.createElement('code')
        command.textContent = `npm start -- --port ${location.port}`
        banner.replaceChildren(
          strong,
          ' What you see is what it said last; writes wait here. ',
          command,
          ' brings it back.',
        )
        banner.hidden = false
      }, 400)
    } else if (!isAway) {
      since = undefined
      banner.hidden = true
    }
  }
}

/** For `onError`: a lost connection is on show anyway, and is no news in the console. */
export function tellErrors(error) {
  if (error.code !== 'transport') console.warn(error.message)
}
