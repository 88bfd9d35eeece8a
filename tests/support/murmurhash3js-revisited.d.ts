declare module 'murmurhash3js-revisited' {
  const library: { inputValidation: boolean; x86: { hash32(bytes: Uint8Array, seed?: number): number } }
  export default library
}
