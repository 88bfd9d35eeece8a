/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  agentRules: false,
  devIndicators: false,
  serverExternalPackages: ['postgres', 'pino'],
  // `npm run check` runs the type checker once for the whole repository, tests included.
  typescript: { ignoreBuildErrors: true },
  rewrites: async () => ({
    beforeFiles: [{ source: '/api/v1/openapi.json', destination: '/schema/openapi.json' }],
  }),
}
