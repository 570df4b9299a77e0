# make run           start the app; make run PORT=8600 chooses another port
# make serve         the app for a school: many processes behind nginx; make serve WORKERS=4 PORT=8080
# make cluster       a Dask cluster of this machine for sweeps, a scheduler and two workers, until Ctrl-C;
#                    make cluster SCHEDULER_PORT=8790 WORKERS=4
# make test          lint, format and every test, those in a real browser included
# make check         the same without a browser, in some two minutes
# make test-pythons  make check on each Python from 3.11 to 3.13 that is there
# make screenshots   the pictures of README.md
# make bench         the benchmarks
# make mutants       plant 300 faults in scratchnet, one at a time, and see that a test finds each: about half an hour;
#                    make mutants SEED=2 PLACES=500 draws others, and more
# make requirements  make requirements*.txt anew from pyproject.toml, after a change of what is asked for there;
#                    make requirements UPGRADE=1 also takes newer versions of what those packages need themselves
# make icons         make the font of icons anew, after an update of Streamlit or with an icon new to us
# make audit         ask the registries whether a fault is known of any package that is installed from those files;
#                    make audit AUDIT=osv asks api.osv.dev about those of Python, where PyPI gives no answer

SHELL := bash
PORT ?= 8501
SCHEDULER_PORT ?= 8786
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
AUDIT ?= pypi

# Networks here are tiny: threads inside BLAS cost eight times what they save.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export VECLIB_MAXIMUM_THREADS := 1
# Streamlit looks for settings in the home of its user, and does not start for one who has none.
export HOME ?= $(CURDIR)
# What was compiled once is kept: pytest compiles every test anew otherwise, and each server of the tests all of ui.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve cluster check test test-pythons screenshots bench mutants requirements audit icons

# Streamlit prints the address once it answers.
run: $(VENV)/app-installed
	@exec $(BIN)/python -m tools.run --port $(PORT)

# Stopped by Ctrl-C or SIGTERM; SIGHUP starts the workers anew one by one.
serve: $(VENV)/app-installed
	@exec $(BIN)/python -m tools.serve --workers $(WORKERS) --port $(PORT)

cluster: $(VENV)/cluster-installed
	@exec $(BIN)/python -m tools.cluster --workers $(WORKERS) --port $(SCHEDULER_PORT)

# Pages that stand still until they are used. The others show the board, and two boards that are drawn in software leave
# neither enough of two cores.
STILL := $(wildcard tests/browser/test_learn_*.py) tests/browser/test_accessibility.py tests/browser/test_cold_links.py

# Style, mistakes and types of Python, then of the browser's code: what is certainly wrong in it, and its types.
LINT = $(BIN)/python -m ruff check . && $(BIN)/python -m ruff format --check . && \
	$(BIN)/python -m mypy && \
	$(BIN)/node node_modules/eslint/bin/eslint.js . && $(BIN)/node node_modules/typescript/bin/tsc

# Tests without a browser that take as long as all others: those of lessons, the playground and the server among them.
HALF := $(wildcard tests/test_[lps]*.py)

# What can be known without a browser, in two processes: one test told to another process takes longer than most tests.
check: $(VENV)/scripts-installed
	@fault=0; \
	$(BIN)/python -m pytest $(HALF) > $(VENV)/tests-of-a-half.txt 2>&1 & half=$$!; \
	$(LINT) || fault=1; \
	$(BIN)/python -m pytest --ignore tests/browser $(addprefix --ignore ,$(HALF)) || fault=1; \
	wait $$half || fault=1; \
	cat $(VENV)/tests-of-a-half.txt; \
	exit $$fault

# The same on every Python that is promised and that this machine has, each in an environment of its own.
test-pythons:
	@for version in 3.11 3.12 3.13; do \
		if python$$version --version >/dev/null 2>&1; then \
			echo "python$$version:"; \
			$(MAKE) --no-print-directory check VENV=.venv-$$version PYTHON=python$$version || exit 1; \
		else echo "python$$version: not on this machine"; fi; \
	done

# Everything runs even after a fault, so that one visit shows all faults; the exit code tells of any of them. Beside the
# board's tests run those that need no browser, then those of the pages that stand still; they are told of afterwards.
# What failed is named once more at the end: whoever has only the last lines sees it.
# Where CI says that nobody waits for the result, the board's tests follow the others, of which two kinds run side by side:
# no test then waits for the processor in vain.
test: $(VENV)/scripts-installed
	@CHROMIUM="$$($(BIN)/python tools/find_chromium.py)" || exit 1; export CHROMIUM; \
	fault=0; \
	$(LINT) || fault=1; \
	(beside=0; \
	$(BIN)/python -m pytest --ignore tests/browser > $(VENV)/tests-without-a-browser.txt 2>&1 & rest=$$!; \
	[ -n "$$CI" ] || wait $$rest || beside=1; \
	$(BIN)/python -m pytest $(STILL) > $(VENV)/tests-of-still-pages.txt 2>&1 || beside=1; \
	[ -z "$$CI" ] || wait $$rest || beside=1; \
	exit $$beside) & beside=$$!; \
	set -o pipefail; \
	[ -z "$$CI" ] || wait $$beside || fault=1; \
	$(BIN)/python -m pytest tests/browser $(addprefix --ignore ,$(STILL)) | tee $(VENV)/tests-of-the-board.txt || fault=1; \
	[ -n "$$CI" ] || wait $$beside || fault=1; \
	told="$(VENV)/tests-without-a-browser.txt $(VENV)/tests-of-still-pages.txt"; \
	cat $$told; \
	grep -hE "^(FAILED|ERROR|=+ .* in [0-9.]+s)" $$told $(VENV)/tests-of-the-board.txt; \
	exit $$fault

screenshots: $(VENV)/tests-installed
	@CHROMIUM="$$($(BIN)/python tools/find_chromium.py)" || exit 1; export CHROMIUM; \
	$(BIN)/python -m tools.screenshots

bench: $(VENV)/bench-installed
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.workers
	$(BIN)/python -m benchmarks.digits
	$(BIN)/python -m benchmarks.doctor
	$(BIN)/python -m benchmarks.presets
	$(BIN)/python -m benchmarks.sweeps
	@CHROMIUM="$$($(BIN)/python tools/find_chromium.py)" || exit 1; export CHROMIUM; \
	$(BIN)/python -m benchmarks.browser && $(BIN)/python -m benchmarks.learn

mutants: $(VENV)/mutants-installed
	@$(BIN)/python -m tools.mutants $(if $(SEED),--seed $(SEED)) $(if $(PLACES),--places $(PLACES))

# For every platform and every Python that is promised, with the hash of each file that may be installed. What several
# of them name has one version: the app's is what is tested, measured and mutated.
COMPILE = $(VENV)/upkeep/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--annotation-style line --custom-compile-command "make requirements" $(if $(UPGRADE),--upgrade)

requirements: $(VENV)/upkeep-installed
	$(COMPILE) --group app -o requirements.txt
	$(COMPILE) --group cluster -c requirements.txt -o requirements-cluster.txt
	$(COMPILE) --group dev -c requirements-cluster.txt -o requirements-dev.txt
	$(COMPILE) --group bench -c requirements-dev.txt -o requirements-bench.txt
	$(COMPILE) --group mutants -c requirements-dev.txt -o requirements-mutants.txt
	$(COMPILE) --group upkeep -o requirements-upkeep.txt

# Both are asked, whatever the first one finds. --strict: a package that could not be asked about is a fault, too.
audit: $(VENV)/upkeep-installed $(VENV)/tests-installed
	@fault=0; \
	$(VENV)/upkeep/bin/pip-audit --strict --disable-pip --require-hashes --vulnerability-service $(AUDIT) \
		$(addprefix -r ,$(wildcard requirements*.txt)) || fault=1; \
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm audit --package-lock-only || fault=1; \
	[ $$fault = 0 ] || echo "What is above is a fault of a package, for which make requirements UPGRADE=1 may find a newer" \
		"version, or a registry without an answer: ask again from a network that reaches pypi.org and" \
		"registry.npmjs.org, or about Python's packages with make audit AUDIT=osv." >&2; \
	exit $$fault

# A stamp is younger than the list it was installed from, so a second run skips the installation.
$(VENV)/app-installed: requirements.txt | $(BIN)/python
	@echo "Installing what the app needs (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/cluster-installed: requirements-cluster.txt $(VENV)/app-installed
	@echo "Installing Dask for sweeps on a cluster (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/tests-installed: requirements-dev.txt $(VENV)/app-installed
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/scripts-installed: package-lock.json $(VENV)/tests-installed
	@echo "Installing what checks the browser's code (once)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(VENV)/bench-installed: requirements-bench.txt $(VENV)/tests-installed
	@echo "Installing the libraries that the benchmarks compare with (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/mutants-installed: requirements-mutants.txt $(VENV)/tests-installed
	@echo "Installing what plants faults (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# With the app's Streamlit, whose font it is, and the other environment's tools for fonts.
icons: $(VENV)/app-installed $(VENV)/upkeep-installed
	@PYTHONPATH="$$($(VENV)/upkeep/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
		$(BIN)/python -m tools.icons

# An environment of its own: what looks after the packages is none of them.
$(VENV)/upkeep-installed: requirements-upkeep.txt | $(BIN)/python
	@echo "Installing what looks after the packages (once)"
	@$(BIN)/python -m venv $(VENV)/upkeep
	@$(VENV)/upkeep/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The first Python that is 3.11 to 3.13 and can make a virtual environment. A name may exist without a Python behind it.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$python --version)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "No suitable Python was found: this needs Python 3.11, 3.12 or 3.13 with its venv module" \
		"(python3 here is: $$(python3 --version 2>&1 || true)); install one, or name it: make PYTHON=/path/to/python3.12" >&2; \
	exit 1
