// What Chromium itself says of a host or a web server that is away: its sockets, its requests, its check of the service worker.
export const isOwnComplaint = (text: string): boolean => /WebSocket|ERR_CONNECTION|fetching the script/.test(text)
