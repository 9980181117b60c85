# The gallery: posts with pictures, in a folder or in a bucket. Build it from the top of the repository:
#
#     docker build --file docker/gallery.Dockerfile --tag gallery .
#     docker run --publish 127.0.0.1:8000:8000 --volume gallery-data:/data --name gallery gallery
#     docker exec --interactive --tty gallery gallery createsuperuser
#
# docker/compose.gallery.yaml runs it beside Pail, or on Amazon S3. `make docker-proof` carries out this
# file without a container engine and probes what comes out.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libsqlite3-dev libssl-dev libvips-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# The manifest names the test targets, so it cannot be read without their folders.
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build --configuration release --static-swift-stdlib --product gallery \
    && install -D --strip .build/release/gallery /out/gallery

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libsqlite3-0 libssl3 libvips42 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10002 --no-create-home --home-dir /data --shell /usr/sbin/nologin gallery \
    && install --directory --owner gallery --group gallery --mode 0700 /data
COPY --from=build /out/gallery /usr/local/bin/gallery
COPY docker/gallery-health /usr/local/bin/gallery-health
ENV GALLERY_DATABASE=/data/gallery.sqlite3 MEDIA_ROOT=/data/media
USER gallery
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["gallery-health"]
ENTRYPOINT ["gallery"]
CMD ["serve", "--migrate", "--host", "0.0.0.0"]
