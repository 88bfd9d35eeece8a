/** The runtime of Next's middleware, as Next bundles it: web standards alone, and no code from strings. */
declare module 'next/dist/compiled/edge-runtime' {
  export class EdgeRuntime {
    evaluate<T = unknown>(code: string): T
  }
}
