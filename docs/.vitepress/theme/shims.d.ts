// What VitePress builds and the compiler doesn't know.
declare module '*.css'
