export { JackstaffWebProvider, type JackstaffWebProviderOptions } from './provider'
