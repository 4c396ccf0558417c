# Two images from one file:  docker build --target server .   and   docker build --target action .
# A release passes BINARY=prebuilt: dist/fettle, compiled once, is then in both images and in the archive.
ARG BINARY=build
ARG BASE=debian:12-slim
ARG SWIFT=swift:6.3-bookworm

# hadolint ignore=DL3006
FROM ${SWIFT} AS build
WORKDIR /source
COPY . .
RUN scripts/setup \
    && swift build --configuration release --product fettle --static-swift-stdlib \
    && install -D --strip .build/release/fettle /fettle

FROM scratch AS prebuilt
COPY dist/fettle /fettle

# hadolint ignore=DL3006
FROM ${BINARY} AS binary

# hadolint ignore=DL3006
FROM ${BASE} AS files
COPY scripts/image-files /image-files
COPY --from=binary /fettle /fettle
RUN /image-files /fettle /image && install -D /fettle /image/usr/local/bin/fettle

# hadolint ignore=DL3006
FROM ${BASE} AS runtime
COPY --from=files /image/ /
LABEL org.opencontainers.image.source="https://github.com/fettle-dev/fettle" org.opencontainers.image.licenses="MIT"

# GitHub's action containers must run as root: the workspace and the files for outputs are root's. Hence no USER.
# hadolint ignore=DL3002
FROM runtime AS action
ENTRYPOINT ["fettle", "action"]

FROM runtime AS server
# A number, so that an orchestrator can see that it is not root.
RUN install --directory --owner=65532 --group=65532 /data
USER 65532:65532
WORKDIR /data
ENV FETTLE_LISTEN=0.0.0.0:8080 FETTLE_DATABASE=sqlite:/data/fettle.sqlite
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["fettle", "doctor", "--probe"]
ENTRYPOINT ["fettle"]
CMD ["serve"]
