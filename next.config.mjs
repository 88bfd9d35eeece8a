import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js'

/**
 * Pages that end in `.dev.tsx` are there for whoever works on the design system; a build does not know them.
 *
 * @returns {import('next').NextConfig}
 */
export default (phase) => ({
  poweredByHeader: false,
  agentRules: false,
  devIndicators: false,
  pageExtensions: ['tsx', 'ts', ...(phase === PHASE_DEVELOPMENT_SERVER ? ['dev.tsx'] : [])],
  serverExternalPackages: ['postgres', 'pino'],
  // `npm run check` runs the type checker once for the whole repository, tests included.
  typescript: { ignoreBuildErrors: true },
  rewrites: async () => ({
    beforeFiles: [{ source: '/api/v1/openapi.json', destination: '/schema/openapi.json' }],
  }),
})
