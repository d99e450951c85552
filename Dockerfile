# Winnow in a container. See docs/how-to/run-a-server.md.
FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
ENV NODE_ENV=production \
    WINNOW_DATA=/var/lib/winnow/data \
    WINNOW_LISTEN=0.0.0.0:8484 \
    WINNOW_INTAKE__LISTEN=0.0.0.0:8485
WORKDIR /opt/winnow
COPY --from=build /build/package.json /build/LICENSE /build/NOTICE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/data ./data
COPY --from=build /build/examples ./examples
COPY --from=build /build/packaging ./packaging
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# The image's own user without rights. A volume takes the owner of the folder that it is put over.
RUN mkdir -p /var/lib/winnow && chown node:node /var/lib/winnow && chmod 700 /var/lib/winnow
USER node
VOLUME /var/lib/winnow
EXPOSE 8484 8485
# Without tls in the configuration; with it, ask https instead.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8484/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/opt/winnow/bin/winnow.cjs"]
CMD ["serve"]
