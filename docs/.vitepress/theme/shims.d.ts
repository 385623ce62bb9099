// What VitePress builds and the compiler doesn't know.
declare module '*.css'
declare module '*.vue' {
  const component: import('vue').Component
  export default component
}
