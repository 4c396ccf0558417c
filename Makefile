# The two commands are `make demo` and `make test`; both install what is missing first.
.PHONY: demo test crash test-sanitized fuzz test-peers bench lint build release setup clean
SWIFT_FLAGS ?=
export SWIFT_BACKTRACE ?= enable=no

demo: setup
	swift build --product fettle $(SWIFT_FLAGS)
	.build/debug/fettle demo

# Suites that talk over sockets or start programs run after the others, one test at a time: beside busy parsers they would measure the machine.
ALONE := HTTPTests|SubprocessTests|GitTests|EndToEndTests|StorageTests|ConformanceTests|CrashTests

test: setup
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build --skip '$(ALONE)' $(SWIFT_FLAGS)
	swift test --skip-build --no-parallel --filter '$(ALONE)' $(SWIFT_FLAGS)

# A suite that talks to C libraries and threads, under AddressSanitizer and ThreadSanitizer.
SANITIZED ?= HTTPTests
test-sanitized: export FETTLE_TEST_TARGET = $(SANITIZED)
test-sanitized: setup
	LSAN_OPTIONS=suppressions=$(CURDIR)/scripts/lsan-suppressions.txt swift test --no-parallel --sanitize=address --scratch-path .build/address $(SWIFT_FLAGS)
	TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/tsan-suppressions.txt swift test --no-parallel --sanitize=thread --scratch-path .build/thread $(SWIFT_FLAGS)

# libFuzzer over every parser of outside bytes; `scripts/fuzz N TARGET` for long runs.
fuzz: setup
	scripts/fuzz

# Oracles and peers from PyPI and Debian, and the release binary that one of them puts into an image; needs `make test`'s packages too.
test-peers: release
	scripts/setup peers
	swift build --product fettle $(SWIFT_FLAGS)
	scripts/test-peers

# Numbers to reach, with the peers measured in the same run. `make bench-NAME` runs one folder of Benchmarks.
bench: release
	scripts/setup peers
	scripts/bench

bench-%: release
	scripts/setup peers
	scripts/bench $*

# The long crash run: every named moment several times, then kills at random, on SQLite and on PostgreSQL with one and three replicas.
# The seed is printed; FETTLE_CRASH_SEED repeats a run, FETTLE_CRASH_ENGINE (sqlite, one, three) picks one.
crash: setup
	FETTLE_CRASH_TURNS=$${FETTLE_CRASH_TURNS:-4} FETTLE_CRASH_DELIVERIES=$${FETTLE_CRASH_DELIVERIES:-2000} \
	FETTLE_CRASH_KILLS=$${FETTLE_CRASH_KILLS:-200} FETTLE_CRASH_SEED=$${FETTLE_CRASH_SEED:-$$(date +%s)} \
	swift test --filter CrashTests $(SWIFT_FLAGS)

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

build: setup
	swift build $(SWIFT_FLAGS)

# One static binary (C libraries stay dynamic): .build/release/fettle
release: setup
	swift build --configuration release --product fettle --static-swift-stdlib $(SWIFT_FLAGS)

setup:
	@scripts/setup

clean:
	rm -rf .build .venv
