// A test of a reconnect by the testing kit, as its users write it, for runners that are given it as text.

/** Leaves `written` with what the lane has in the end. Needs `testHost`. */
export const reconnect = `
    const host = testHost({ seed: 7 })
    const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm' }).open()
    await host.idle()
    host.cut()
    map.set('b', 2)
    await host.advance(30_000)
    host.heal()
    await host.converged()
    const written = host.lane('/h', 'm').get('b')
    await host.close()
`
