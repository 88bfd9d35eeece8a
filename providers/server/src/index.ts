export type { JackstaffProviderOptions } from './options'
export { JackstaffProvider } from './provider'
