# The command `reimburse`, which is the worker too, in an image with libpq and little else.
# The two images are of one Debian release, so that the command meets the C library and the libpq it was built with.

# By digest, so that a tag that moves does not change what is built; the digests are those that the official images publish.
ARG SWIFT_IMAGE=swift:6.3-bookworm@sha256:7060a792f4cd9eaa0d00826d941cec00ab8d252d33b8b28bc8e105f51f2dba73
ARG DEBIAN_IMAGE=debian:bookworm-slim@sha256:abd67ffcfa541b485a3dff59865ab629aa048a6c613e639d36e7456b0b229241

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
