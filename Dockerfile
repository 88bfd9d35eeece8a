# One image for both roles: `docker run …` is the whole product, `docker run … node dist/edge.mjs` an edge.

FROM node:22-bookworm-slim AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
COPY providers/server/package.json providers/server/
COPY providers/web/package.json providers/web/
COPY examples/shop/package.json examples/shop/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build-all.mjs
# What is optional compiles (swc, esbuild), scales images, or is another container (Postgres). Nothing reads maps and types;
# links lead to workspaces and to commands.
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -rf .next/cache \
  && find node_modules -type l -delete \
  && find node_modules .next dist '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete \
  && chmod +x dist/jackstaff.mjs

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="Jackstaff" \
  org.opencontainers.image.description="Self-hosted feature flags" \
  org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PORT=3000
COPY --from=build /app/package.json /app/next.config.mjs /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/.next ./.next
COPY --from=build /app/dist ./dist
COPY --from=build /app/public ./public
COPY --from=build /app/db/migrations ./db/migrations
COPY --from=build /app/deploy/postgres ./deploy/postgres
RUN ln -s /app/dist/jackstaff.mjs /usr/local/bin/jackstaff
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.mjs"]
