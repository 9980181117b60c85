# What people type. Each target says what it does in the comment behind its name; `make` alone lists them.
#
# Nothing here downloads anything but Debian packages (only those that are missing), Swift packages
# and Python packages.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test build fuzz sanitize lint format extended docker-proof crash powercut full-disk release-build bench growth instructions \
	packages-build packages-gallery packages-test packages-proof packages-crash packages-powercut \
	packages-bench packages-instructions

BUILD_PACKAGES := libsqlite3-dev libssl-dev
GALLERY_PACKAGES := $(BUILD_PACKAGES) libvips-dev zlib1g-dev
TEST_PACKAGES := $(GALLERY_PACKAGES) python3-venv chromium chromium-driver libnss-myhostname openssl curl git strace
PROOF_PACKAGES := $(BUILD_PACKAGES) debootstrap curl python3 python3-yaml util-linux
CRASH_PACKAGES := $(BUILD_PACKAGES) python3
POWERCUT_PACKAGES := $(CRASH_PACKAGES) e2fsprogs xfsprogs
BENCH_PACKAGES := $(BUILD_PACKAGES) nginx-light wrk openssl binutils python3-venv
INSTRUCTIONS_PACKAGES := $(BUILD_PACKAGES) valgrind openssl binutils python3

# More flags for `make run`: make run ARGS="--port 9100 --bucket photos"
ARGS ?=
SECONDS_EACH ?= 2

# What the targets below try: a release, unless PAIL_BINARY names another daemon.
PAIL_BINARY ?=
# How the release is made: what a program exports for others to find costs 2 MiB, and nobody loads Pail; each function
# is a section, so that those that requests pass through lie together (a sixth faster, see Benchmarks/bench/hot.py);
# BoringSSL throws nothing and needs no tables for it (0.3 MiB); and relocations are packed where the C library reads
# that (1.7 MiB).
COMPILER := -Xswiftc -Xfrontend -Xswiftc -function-sections \
	-Xcxx -fno-exceptions -Xcxx -fno-unwind-tables -Xcxx -fno-asynchronous-unwind-tables
LINKER := -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic -Xlinker --no-warn-symbol-ordering \
	-Xlinker --symbol-ordering-file=$(CURDIR)/Benchmarks/hot-functions \
	$(if $(shell getconf GNU_LIBC_VERSION | awk '$$2 >= 2.36'),-Xlinker -z -Xlinker pack-relative-relocs)
RELEASE := swift build -c release --static-swift-stdlib $(COMPILER) $(LINKER) --product pail
PROGRAM = $(abspath $(or $(PAIL_BINARY),.build/release/pail))
RELIABILITY = cd Tests/EndToEnd && PAIL_BINARY=$(PROGRAM) PYTHONDONTWRITEBYTECODE=1 python3 -m reliability

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: packages-build ## Build the release and start it on port 9000; it prints the lines to paste (ARGS="--port 9100")
	$(RELEASE)
	exec .build/release/pail serve $(ARGS)

test: packages-test ## Build once, then run the Swift tests and the end-to-end tests with real clients
	swift build --build-tests
	swift test --skip-build --parallel
	Tests/EndToEnd/run.sh

build: packages-gallery ## Build the release: .build/release/pail and .build/release/gallery
	$(RELEASE)
	swift build -c release --static-swift-stdlib --product gallery

fuzz: packages-test ## Fuzz every parser, for 2 s each (SECONDS_EACH=600 for a long run)
	Tests/Fuzz/run.sh $(SECONDS_EACH)

sanitize: packages-test ## The Swift tests under the address sanitizer, then under the thread sanitizer
	Tests/Sanitizers/run.sh

lint: ## Check the format and the documentation of every Swift file
	swift format lint --strict --parallel --recursive Sources Tests Package.swift

format: ## Rewrite every Swift file into the format
	swift format --in-place --parallel --recursive Sources Tests Package.swift

extended: packages-test docker-proof ## What takes too long for every day: 5 GiB objects, a million keys, the container files proved
	$(RELEASE)
	PAIL_BINARY=$(CURDIR)/.build/release/pail Tests/EndToEnd/run.sh -m extended

docker-proof: packages-proof ## Carry out the Dockerfiles without a container engine and probe what comes out (root, 8 GiB)
	docker/prove.py

crash: packages-crash release-build ## kill -9 amid writers, 50 times, and what is left (ARGS="--kills 500 --seed 7")
	$(RELIABILITY).crash $(ARGS)

powercut: packages-powercut release-build ## Cut the power of an ext4 and an xfs amid writers, 10 times each (root; ARGS="--cuts 100")
	$(RELIABILITY).powercut $(ARGS)

full-disk: packages-crash release-build ## A disk without a byte left, and one without a name (root)
	$(RELIABILITY).full_disk $(ARGS)

bench: packages-bench release-build ## Pail beside nginx, moto, rclone and SeaweedFS; writes docs/benchmarks.md (ARGS="--quick")
	Benchmarks/run.sh --pail $(PROGRAM) $(ARGS)

growth: packages-build release-build ## What operations cost with 1,000 to 1,000,000 objects (ARGS="--objects 10000000")
	cd Benchmarks && PYTHONDONTWRITEBYTECODE=1 python3 -m bench.growth --pail $(PROGRAM) $(ARGS)

instructions: packages-instructions release-build ## What an operation costs in instructions, against the record (ARGS="--record")
	cd Benchmarks && PYTHONDONTWRITEBYTECODE=1 python3 -m bench.instructions --pail $(PROGRAM) $(ARGS)

# With the Swift library in it, as in the container: the program runs where there is no Swift, and starts faster.
release-build:
	[ -n "$(PAIL_BINARY)" ] || $(RELEASE)

packages-build:
	@.ci/packages $(BUILD_PACKAGES)

packages-gallery:
	@.ci/packages $(GALLERY_PACKAGES)

packages-test:
	@.ci/packages $(TEST_PACKAGES)

packages-proof:
	@.ci/packages $(PROOF_PACKAGES)

packages-crash:
	@.ci/packages $(CRASH_PACKAGES)

packages-powercut:
	@.ci/packages $(POWERCUT_PACKAGES)

packages-bench:
	@.ci/packages $(BENCH_PACKAGES)

packages-instructions:
	@.ci/packages $(INSTRUCTIONS_PACKAGES)
