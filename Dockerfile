# TeamBrain's image: one Node process, as an ordinary user, that writes to /data and /tmp only.
# `.ci/image` builds and probes it without a Docker engine; docs/guides/run-in-production.md uses it.
ARG NODE_VERSION=24
# `@sha256:…` pins the base image by its content.
ARG NODE_DIGEST=

FROM node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST} AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY contract/package.json contract/
COPY client/package.json client/
COPY server/package.json server/
COPY web/package.json web/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
COPY scripts/prepare.mjs scripts/
RUN node -e "import('./scripts/prepare.mjs').then(({ install }) => install())"
COPY . .
RUN node scripts/build.mjs

# What runs: the packages of the server alone, without those for other machines.
FROM node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST} AS packages
WORKDIR /src
COPY --from=build /src/package.json /src/package-lock.json ./
COPY --from=build /src/contract/package.json contract/
COPY --from=build /src/client/package.json client/
COPY --from=build /src/server/package.json server/
COPY --from=build /src/web/package.json web/
COPY --from=build /src/e2e/package.json e2e/
COPY --from=build /src/bench/package.json bench/
COPY scripts/prune-packages.mjs scripts/
RUN npm ci --omit=dev --workspace server --ignore-scripts --no-audit --no-fund --loglevel=error \
  && node scripts/prune-packages.mjs

FROM node:${NODE_VERSION}-bookworm-slim${NODE_DIGEST}
WORKDIR /app
RUN mkdir /data && chown node:node /data \
  && printf '#!/bin/sh\nexec node --enable-source-maps /app/server/dist/teambrain.js "$@"\n' >/usr/local/bin/teambrain \
  && chmod 755 /usr/local/bin/teambrain
COPY --from=packages /src/node_modules node_modules
COPY --from=build /src/web/dist web/dist
COPY --from=build /src/server/package.json server/
COPY --from=build /src/server/migrations server/migrations
COPY --from=build /src/server/sample server/sample
COPY --from=build /src/server/assets server/assets
COPY --from=build /src/server/dist server/dist
COPY --from=build /src/deploy/make-secrets.mjs deploy/
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER node
EXPOSE 3000
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "server/dist/main.js"]
