# `make demo` and `make test` set up all that they need; `make help` lists the other targets.
# All results are in build/, in separate folders for each interpreter. Only pip's build folder is
# shared, because no later step uses its files.

# The interpreter to build for and to test with, as a name or a path.
PYTHON ?= python3

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The steps of `make test` share build folders, and mixed output would be hard to read.
.NOTPARALLEL:
.DELETE_ON_ERROR:

ifneq ($(filter-out help clean pythons,$(or $(MAKECMDGOALS),help)),)
KEY := $(shell "$(PYTHON)" scripts/interpreter.py)
ifeq ($(KEY),)
$(error PYTHON=$(PYTHON) is not a CPython that swifttrace supports)
endif
endif

VENV := build/venv-$(KEY)
VENV_PYTHON := $(VENV)/bin/python
PEERS := build/peers-$(KEY)
SPHINX := build/sphinx-$(KEY)
BENCH := build/bench-$(KEY)
PIP_INSTALL := $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check
SWIFT_FOR_PYTHON := $(VENV_PYTHON) scripts/swift.py

# The Swift program that embeds Python. Tests in release are built with its options, without
# `@testable`: they test the code that users get, and nothing is compiled twice.
HOST := $(CURDIR)/build/swift-$(KEY)/release/swifttrace-host
RELEASE := --configuration release

# Number of tests that run in parallel. Tests that build something run alone.
JOBS ?= $(shell nproc)
RUN_PYTEST = PYTHON=$(CURDIR)/$(VENV_PYTHON) SWIFTTRACE_HOST=$(HOST) \
	$(VENV_PYTHON) -m pytest -n $(JOBS)

SWIFT_CODE := $(wildcard Sources Tests Package.swift examples Benchmarks Fuzzing)
PACKAGE_FILES := $(shell find Sources python/swifttrace -type f -not -name '*.so' \
	-not -name '*.pyc' -not -path '*.docc/*') \
	$(wildcard Package.swift setup.py setup.cfg pyproject.toml README.md LICENSE NOTICE \
	licenses/* scripts/*.py scripts/*.c)
# The stamp's name has a checksum of the list of files, so that a deleted file counts as a change.
INSTALLED := $(VENV)/.installed-$(shell echo $(sort $(PACKAGE_FILES)) | cksum | cut -d' ' -f1)

.PHONY: help
help: ## List what one can run
	@echo 'make TARGET [PYTHON=python3.12]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' Makefile

# The newest CPythons of Debian, for systems that have older ones:
# `make test PYTHON=build/pythons/usr/bin/python3.15`.
NEWEST_PYTHONS := 3.14 3.15

.PHONY: pythons
pythons: build/pythons/.ready ## Unpack CPython 3.14 and 3.15 in build/pythons, where apt has Debian

build/pythons/.ready: scripts/get_python.py
	rm -rf $(@D)
	python3 scripts/get_python.py $(@D) $(NEWEST_PYTHONS)
	@touch $@

.PHONY: demo
demo: $(INSTALLED) host ## Trace the examples in three ways: Python API, command line, Swift
	PYTHON=$(CURDIR)/$(VENV_PYTHON) SWIFTTRACE_HOST=$(HOST) examples/demo.sh

# The checks of `make test`: all, those that depend on the interpreter's version (`version`), or
# those that depend on its build (`build`). `version` leaves out format, linters, documentation, the
# Swift tests in debug, and the tests that build a wheel of the sdist and the example package.
# .ci/run uses it from the second interpreter on, and `build` for a second interpreter of a version.
CHECKS ?= all
TESTS_OF_all := format-check lint docs swift-test python-test
TESTS_OF_version := swift-test-release python-test-fast
TESTS_OF_build := python-test-build

.PHONY: test
test: $(or $(TESTS_OF_$(CHECKS)),$(error CHECKS=$(CHECKS) is not all, version or build)) ## Run all that CI runs; with CHECKS=version what depends on PYTHON

.PHONY: format
format: $(VENV)/.linters ## Rewrite Swift and Python files in the project's format
	$${SWIFT:-swift} format --in-place --recursive $(SWIFT_CODE)
	$(VENV)/bin/ruff format
	$(VENV)/bin/ruff check --fix --select I

.PHONY: format-check
format-check: $(VENV)/.linters ## Check the format, changing nothing
	$${SWIFT:-swift} format lint --strict --recursive $(SWIFT_CODE)
	$(VENV)/bin/ruff format --check

.PHONY: lint
lint: $(VENV)/.linters ## Check Python, its types, the places of `unsafe`, and prose
	$(VENV)/bin/ruff check
	@# Some code is for one version of Python, so mypy checks with all versions.
	for version in 3.11 3.12 3.13 3.14 3.15; do $(VENV)/bin/mypy --python-version $$version; done
	$(VENV_PYTHON) scripts/check_unsafe.py
	$(VENV_PYTHON) scripts/check_prose.py

.PHONY: swift-test
swift-test: swift-test-debug swift-test-release ## Run the Swift tests, in debug and in release

.PHONY: swift-test-debug
swift-test-debug: $(VENV)/.ready
	$(SWIFT_FOR_PYTHON) test --disable-xctest

.PHONY: swift-test-release
swift-test-release: $(VENV)/.ready
	$(SWIFT_FOR_PYTHON) test --disable-xctest $(RELEASE) --disable-testable-imports

.PHONY: python-test
python-test: $(INSTALLED) host ## Install the package and run the Python tests
ifdef PYTEST
	"$(PYTHON)" scripts/prepare.py tests
	$(RUN_PYTEST) $(PYTEST)
else
python-test: python-test-fast
	$(RUN_PYTEST) -n 0 -m slow
endif

.PHONY: python-test-fast
python-test-fast: $(INSTALLED) host
	"$(PYTHON)" scripts/prepare.py tests
	$(RUN_PYTEST) -m "not slow and not long"

# Tests that depend on how an interpreter was built and where its files are.
.PHONY: python-test-build
python-test-build: $(INSTALLED) host
	"$(PYTHON)" scripts/prepare.py tests
	$(RUN_PYTEST) -m "not slow and not long" python/tests/test_mission.py \
	  python/tests/test_packaging.py python/tests/test_program_state.py python/tests/test_swift_host.py

.PHONY: stream
stream: $(INSTALLED) ## Compare the stream with that of sys.settrace on more and larger programs
	$(RUN_PYTEST) python/tests/stream -m "long or not long" $(PYTEST)

# All three modes at once, as none hides the findings of another; and 100 times as many cycles as
# in `make test`.
.PHONY: robust
robust: $(INSTALLED) host ## Test under a debug allocator, -X dev, -W error, and a million cycles
	PYTHONMALLOC=debug PYTHONDEVMODE=1 PYTHONWARNINGS=error \
		$(RUN_PYTEST) -m "not slow and not long" $(PYTEST)
	$(VENV_PYTHON) python/tests/cycles.py 1000000

# CPython is not built with AddressSanitizer, so LD_PRELOAD loads the toolchain's runtime. Leak
# detection is off, because it reports leaks of CPython. Tests of memory are left out: the runtime
# reserves terabytes of addresses, and keeps freed memory for a while. Signals of memory faults are
# left to the program and the recorder.
.PHONY: asan
asan: ASAN := $(CURDIR)/build/asan-packages-$(KEY)
asan: $(INSTALLED) host ## Run the Python tests with the extension under AddressSanitizer
	rm -rf $(ASAN)
	SWIFTTRACE_SANITIZE=address $(PIP_INSTALL) --no-deps --no-build-isolation --target $(ASAN) .
	ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_sigbus=0 PYTHONMALLOC=malloc \
		PYTHONPATH=$(ASAN) LD_PRELOAD=$$($(VENV_PYTHON) scripts/toolchain.py asan) \
		$(RUN_PYTEST) -m "not slow and not long and not memory" $(PYTEST)

# The interpreters to build wheels for, as names or paths.
PYTHONS ?= $(PYTHON)

.PHONY: wheels
wheels: $(VENV)/.ready ## Build and check a wheel for each of PYTHONS: build/wheels
	$(VENV_PYTHON) scripts/wheels.py build/wheels $(PYTHONS)

.PHONY: wheels-test
wheels-test: $(VENV)/.ready ## Install and use build/wheels in clean Debian systems
	$(VENV_PYTHON) scripts/wheels_test.py build/wheels $(PYTHONS)

.PHONY: release
release: $(VENV)/.ready ## Build sdist and wheels of PYTHONS twice, and check them: build/release
	$(PIP_INSTALL) $$($(VENV_PYTHON) scripts/requirements.py release)
	$(VENV_PYTHON) scripts/release.py build/release $(PYTHONS)

.PHONY: docs
docs: $(INSTALLED) $(SPHINX)/.ready ## Build the documentation site: build/docs
	$(VENV_PYTHON) scripts/docs.py $(CURDIR)/$(SPHINX)/bin/python $(PARTS)

.PHONY: picture
picture: $(INSTALLED) ## Draw docs/images/show.svg, the picture of README.md, from a run
	$(VENV_PYTHON) scripts/picture.py docs/images/show.svg

.PHONY: host
host: $(VENV)/.ready ## Build the Swift program `swifttrace-host`
	$(SWIFT_FOR_PYTHON) build $(RELEASE) --product swifttrace-host

RESULTS := $(CURDIR)/build/bench-results
RUN_BENCH = cd Benchmarks && $(CURDIR)/$(BENCH)/bin/python -m

.PHONY: bench
bench: $(BENCH)/.ready ## Measure what tracing costs, against other tracers
	$(RUN_BENCH) bench.measure $(RESULTS)/$(KEY).json $(OPTIONS)
	$(RUN_BENCH) bench.growth $(RESULTS)/$(KEY).json

.PHONY: bench-quick
bench-quick: $(BENCH)/.ready ## The same on three programs
	$(RUN_BENCH) bench.measure --quick --minutes 2 $(RESULTS)/quick/$(KEY).json $(OPTIONS)

# Uses the newest complete result of each Python that `make bench` was run with.
.PHONY: bench-page
bench-page: $(BENCH)/.ready ## Write docs/benchmarks.md and its plots from what `make bench` found
	$(RUN_BENCH) bench.render $(RESULTS)/*.json $(CURDIR)/docs/benchmarks.md

.PHONY: bench-reading
bench-reading: $(BENCH)/.ready ## Measure how fast recordings are read and exported: docs/reading-speed.md
	$(RUN_BENCH) reading_speed
	$(RUN_BENCH) arrow_speed
	$(RUN_BENCH) export_speed
	$(RUN_BENCH) timeline_peer

.PHONY: bench-allocations
bench-allocations: $(BENCH)/.ready ## Count the allocations of an event
	$(RUN_BENCH) bench.allocations

.PHONY: instructions
instructions: $(INSTALLED) ## Count instructions for an event, against Benchmarks/instructions.toml
	"$(PYTHON)" scripts/prepare.py tests
	cd Benchmarks && $(CURDIR)/$(VENV_PYTHON) -m bench.instructions $(OPTIONS)

BASELINE := $(CURDIR)/build/baseline-$(KEY).json

# For refactorings: run it before, and check after each step, on one machine with the same packages.
.PHONY: baseline
baseline: $(INSTALLED) ## Hash recordings, texts and exports of real programs, to compare with later
	cd Benchmarks && $(CURDIR)/$(VENV_PYTHON) -m bench.baseline $(OPTIONS) $(BASELINE)

.PHONY: baseline-check
baseline-check: $(INSTALLED) ## Compare these hashes with those of `make baseline`
	cd Benchmarks && $(CURDIR)/$(VENV_PYTHON) -m bench.baseline --check $(OPTIONS) $(BASELINE)

.PHONY: no-harm
no-harm: $(INSTALLED) $(PEERS)/.ready ## Compare what tracers do to programs: docs/no-harm.md
	$(VENV_PYTHON) python/tests/no_harm/control.py
	$(VENV_PYTHON) python/tests/no_harm/compare.py $(PEERS)/bin/python

# Duration of libFuzzer's run in seconds, and number of mutated recordings to read before it.
SECONDS_TO_FUZZ ?= 60
MUTATIONS ?= 1000000

.PHONY: fuzz
fuzz: $(VENV)/.ready ## Read a million damaged recordings, then those that libFuzzer makes
	SWIFTTRACE_MUTATIONS=$(MUTATIONS) $(SWIFT_FOR_PYTHON) test --disable-xctest $(RELEASE) \
	  --disable-testable-imports --filter aMutatedFileDoesNoHarm
	Fuzzing/run.sh $(SECONDS_TO_FUZZ)

.PHONY: clean
clean: ## Remove all that was built
	rm -rf build .build python/*.egg-info python/swifttrace/*.so

# Requirements of `make demo`, the Swift tests and the Python tests, installed before the build.
$(VENV)/.ready: setup.cfg
	"$(PYTHON)" scripts/prepare.py
	$(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@# Not compiled at installation: most modules are never imported.
	$(PIP_INSTALL) --no-compile $$($(VENV_PYTHON) scripts/requirements.py test)
	@touch $@

$(VENV)/.linters: $(VENV)/.ready
	$(PIP_INSTALL) $$($(VENV_PYTHON) scripts/requirements.py lint)
	@touch $@

# Other tracers, in an environment without swifttrace: some of them start in every Python process
# of their environment.
$(PEERS)/.ready: setup.cfg
	"$(PYTHON)" scripts/prepare.py
	"$(PYTHON)" -m venv --clear $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
	  $$($(PEERS)/bin/python scripts/requirements.py peers)
	@touch $@

# Not in the environment of the tests, which need a docutils that Sphinx does not support yet.
$(SPHINX)/.ready: setup.cfg
	"$(PYTHON)" scripts/prepare.py
	"$(PYTHON)" -m venv --clear $(SPHINX)
	$(SPHINX)/bin/python -m pip install --quiet --disable-pip-version-check \
	  $$($(SPHINX)/bin/python scripts/requirements.py docs)
	@touch $@

# The tracers to compare, with the swifttrace that the tests use.
$(BENCH)/.ready: $(INSTALLED)
	"$(PYTHON)" -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check \
	  $$($(BENCH)/bin/python scripts/requirements.py bench)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation .
	@touch $@

# A plain install, like a user's, so that tests fail if a file is missing from the package.
$(INSTALLED): $(VENV)/.ready $(PACKAGE_FILES)
	$(PIP_INSTALL) --no-deps --no-build-isolation --force-reinstall .
	@rm -f $(VENV)/.installed-*
	@touch $@
