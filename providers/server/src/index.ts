export { JackstaffProvider, type JackstaffProviderOptions } from './provider'
