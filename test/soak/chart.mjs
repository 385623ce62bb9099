// The curve of a soak as an SVG: heap of client and host over time, and the client's timers and links below.

const [width, height, left] = [760, 200, 60]

function panel(samples, top, title, lines) {
  const end = samples.at(-1).minute
  const highest = Math.max(...lines.flatMap(({ of }) => samples.map(of))) * 1.1 || 1
  const x = minute => left + (minute / end) * (width - left - 20)
  const y = value => top + height - (value / highest) * height
  const paths = lines.map(({ name, of, color }, n) => {
    const points = samples.map(sample => `${x(sample.minute).toFixed(1)},${y(of(sample)).toFixed(1)}`).join(' ')
    return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.5"/>
<text x="${left + 10 + n * 120}" y="${top + height - 8}" fill="${color}">${name}</text>`
  })
  const marks = [0, 0.5, 1].map(share => {
    const value = (highest / 1.1) * share
    return `<text x="${left - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value >= 100 ? Math.round(value) : value.toFixed(1)}</text>
<line x1="${left}" x2="${width - 20}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#8884" />`
  })
  return `<text x="${left}" y="${top - 8}" font-weight="600">${title}</text>\n${marks.join('\n')}\n${paths.join('\n')}
<text x="${width - 20}" y="${top + height + 16}" text-anchor="end">${Math.round(end)} minutes</text>`
}

/** What is drawn does not depend on the page's colors: it reads on light and on dark. */
export function chart(samples) {
  const panels = [
    panel(samples, 30, 'Heap after garbage collection, MB', [
      { name: 'client', of: ({ client }) => client.bytes / 1e6, color: '#3b82f6' },
      { name: 'host', of: ({ host }) => host.bytes / 1e6, color: '#d97706' },
    ]),
    panel(samples, 290, 'What the client holds', [
      { name: 'links', of: ({ client }) => client.links, color: '#3b82f6' },
      { name: 'timers', of: ({ client }) => client.timers, color: '#d97706' },
      { name: 'listeners', of: ({ client }) => client.listeners, color: '#16a34a' },
      { name: 'sockets', of: ({ client }) => client.sockets, color: '#9333ea' },
    ]),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 530" font-family="system-ui, sans-serif" font-size="12" fill="#808080">
<title>What a client holds while it is cut, reset and stalled, and its host is killed</title>
${panels.join('\n')}
</svg>\n`
}
