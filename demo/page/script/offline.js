// Has the browser keep the page's own files, so that it opens again while its server is away. Browsers do so over https and on
// localhost. After the page has loaded: what it needs now comes first.
addEventListener('load', () => {
  navigator.serviceWorker?.register('service-worker.js').catch(error => console.warn(error.message))
})
