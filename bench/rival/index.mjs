// Stands here so that it finds what was installed here.
export { Recon } from '@swim/recon'
export { Value } from '@swim/structure'
