export type { ConfigStorage, JackstaffWebProviderOptions } from './options'
export { JackstaffWebProvider } from './provider'
