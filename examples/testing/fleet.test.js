// Its tests: a SwimOS host in memory, in virtual time. Run by vitest; docs/TESTING.md says what jest and others need.
// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createElement as h } from 'react'
import { testHost } from 'swimlink/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fleet, stop } from './fleet.js'

let host
beforeEach(() => {
  host = testHost()
})
// Names what a test has left over: a promise that never settled, an error that nobody read.
afterEach(async () => {
  cleanup()
  await host.close()
})

describe('stop', () => {
  const open = async () => {
    const vehicles = host.client().downlinkMap({ nodeUri: '/depot/1', laneUri: 'vehicles' }).open()
    host.lane('/depot/1', 'vehicles').set('bus-7', { speed: 40 })
    await host.converged()
    return vehicles
  }

  test('stops a vehicle', async () => {
    const vehicles = await open()
    expect(await host.until(stop(vehicles, 'bus-7'))).toBe(true)
    expect(host.lane('/depot/1', 'vehicles').get('bus-7')).toEqual({ speed: 0 })
  })

  test('leaves one alone that has moved on, as is found once the network is back', async () => {
    const vehicles = await open()
    host.cut()
    await host.idle()
    const stopped = stop(vehicles, 'bus-7')
    host.lane('/depot/1', 'vehicles').set('bus-7', { speed: 55 })
    host.heal()
    expect(await host.until(stopped)).toBe(false)
    expect(host.lane('/depot/1', 'vehicles').get('bus-7')).toEqual({ speed: 55 })
  })
})

describe('the page', () => {
  // Time stands still between two steps: what a page shows meanwhile stays for as long as it is looked at.
  const show = () => render(h(Fleet, { client: host.client(), depot: 1 }))

  test('says that it is connecting, and then how many there are', async () => {
    host.lane('/depot/1', 'vehicles').set('bus-7', { speed: 40 })
    show()
    expect(screen.getByRole('status').textContent).toBe('connecting')
    await act(() => host.idle())
    expect(screen.getByRole('status').textContent).toBe('1 vehicles')
    expect(screen.getByText(/bus-7: 40 km\/h/)).toBeTruthy()
  })

  test('keeps its rows without a network, says so, and is right again after it', async () => {
    host.lane('/depot/1', 'vehicles').set('bus-7', { speed: 40 })
    show()
    await act(() => host.idle())
    await act(() => host.cut().advance(10_000))
    expect(screen.getByRole('status').textContent).toBe('stale')
    fireEvent.click(screen.getByText('Stop bus-7'))
    await act(() => host.advance(60_000))
    expect(screen.getByText(/bus-7: 0 km\/h/)).toBeTruthy()
    await act(() => host.heal().converged())
    expect(screen.getByRole('status').textContent).toBe('1 vehicles')
    expect(host.lane('/depot/1', 'vehicles').get('bus-7')).toEqual({ speed: 0 })
  })
})
