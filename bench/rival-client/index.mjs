// Stands here so that it finds what was installed here.
export { WarpClient } from '@swim/client'
export { Form } from '@swim/structure'
