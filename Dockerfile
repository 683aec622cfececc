# syntax=docker/dockerfile:1

# --- build ----------------------------------------------------------------------------------
FROM rust:1.95.0-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential perl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build

# `--build-arg FEATURES=otlp` for a program that sends spans to a collector.
ARG FEATURES=""

# Dependencies change seldom and take longest, OpenSSL most of all: a layer of their own, from empty sources.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src benches && touch src/lib.rs && echo 'fn main() {}' > src/main.rs \
    && sed -n '/^\[\[bench\]\]/{n;s/name = "\(.*\)"/benches\/\1.rs/p}' Cargo.toml | xargs touch \
    && cargo build --release --locked --features "$FEATURES" \
    && rm -r src

# The example authorities' certificates are compiled in, to recognise what production refuses.
COPY certs-example/trust certs-example/trust
COPY config config
COPY src src
# Cargo judges by modification times, and the empty sources above are younger than the real ones. Names of
# functions stay for traces of panics; what only a debugger reads goes.
RUN touch src/lib.rs src/main.rs && cargo build --release --locked --features "$FEATURES" \
    && strip --strip-debug target/release/segell

# --- run ------------------------------------------------------------------------------------
FROM debian:12.12-slim

# The certificates are for https towards object stores and timestamp authorities.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/debconf /var/log/* \
    && install --directory --owner=10001 --group=10001 --mode=0750 /var/lib/segell /var/log/segell \
    && install --directory /etc/segell
COPY LICENSE /usr/share/doc/segell/LICENSE
COPY --from=build /build/target/release/segell /usr/local/bin/segell

# The commit, for who wants to know what runs: `--build-arg REVISION=$(git rev-parse HEAD)`. Last, so that it
# renews nothing else.
ARG REVISION=""
LABEL org.opencontainers.image.title="Segell" \
      org.opencontainers.image.description="Sealed authentic copies of PDF documents" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:12.12-slim"

# Mount organs, seals, anchors, applications, code keys, factor keys and audit keys under
# /etc/segell (config/production.toml says where). Nothing is written but the archive and the audit log, so the
# root file system may be read-only.
# The service refuses to listen beyond loopback until SEGELL__SERVER__BEHIND_PROXY=true says that a
# proxy with TLS stands in front of the container.
ENV SEGELL_PROFILE=production \
    SEGELL__SERVER__BIND=0.0.0.0:8080 \
    SEGELL__SERVER__OPERATIONS_BIND=0.0.0.0:8081
VOLUME /var/lib/segell /var/log/segell
WORKDIR /var/lib/segell
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["segell", "health"]
ENTRYPOINT ["segell"]
CMD ["serve"]
