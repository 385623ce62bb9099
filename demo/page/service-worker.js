// Opens pages without their server: their files are kept at the first visit. What the server answers comes first, so that who
// changes a file, or serves something else at this address, sees that. Maps are kept by swimlink/cache, and not here.
importScripts('kept-files.js')
/* global kept */
const name = `swimlink demo ${kept.version}`
const urls = new Set(kept.files.map(file => new URL(file, registration.scope).href))

addEventListener('install', event => {
  const keep = async () => {
    const files = await caches.open(name)
    // Asked of the server, and not of what the browser has of an earlier version.
    await files.addAll([...urls].map(url => new Request(url, { cache: 'no-cache' })))
    await skipWaiting()
  }
  event.waitUntil(keep())
})

addEventListener('activate', event => {
  const forgetOthers = async () => {
    const others = (await caches.keys()).filter(key => key.startsWith('swimlink demo ') && key !== name)
    await Promise.all(others.map(key => caches.delete(key)))
  }
  event.waitUntil(forgetOthers())
})

addEventListener('fetch', event => {
  const { request } = event
  const url = request.url.replace(/[?#].*/s, '')
  if (request.method !== 'GET' || !urls.has(url)) return
  const answer = async () => {
    try {
      return await fetch(request)
    } catch (error) {
      const file = await caches.match(url)
      if (file === undefined) throw error
      return file
    }
  }
  event.respondWith(answer())
})
