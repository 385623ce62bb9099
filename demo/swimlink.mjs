// What the hotel page has of swimlink, bundled as one file: the client, a cache between visits, and views.
export * from 'swimlink'
export * from 'swimlink/cache'
export * from 'swimlink/view'
