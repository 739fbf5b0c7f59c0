# The command `reimburse`, which is the worker too, in an image with libpq and little else.
# The two images are of one Debian release, so that the command meets the C library and the libpq it was built with.

# Named by tag here; give the digests that your registry shows for them:
#     docker build --build-arg SWIFT_IMAGE=swift@sha256:… --build-arg DEBIAN_IMAGE=debian@sha256:… .
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG DEBIAN_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
RUN swift package resolve
# Tests are not built, but a package whose test targets have no folder does not load.
COPY Tests Tests
COPY Sources Sources
COPY sql sql
RUN swift build --configuration release --static-swift-stdlib --product reimburse \
    && install -D --strip "$(swift build --configuration release --show-bin-path)/reimburse" /out/reimburse

FROM ${DEBIAN_IMAGE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libpq5 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin reimburse
COPY --from=build /out/reimburse /usr/local/bin/reimburse
USER 10001
ENTRYPOINT ["reimburse"]
CMD ["--help"]
