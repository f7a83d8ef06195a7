# Everything a person runs. From a bare clone with Python 3.11, 3.12 or 3.13 and nothing else.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:

PY := .venv/bin/python
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements-dev.txt)
# More than there are processors: half of the time of a test is spent waiting for servers and for processes it started.
TEST_PROCESSES ?= 4
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Where a machine sets it, each of the hundreds of processes that demo and tests start compiles every module it imports.
unexport PYTHONDONTWRITEBYTECODE

# The first that really runs. 3.13 later than 3.12 and 3.11: there Redis has no ready-made wheel and is compiled.
FIND_PYTHON = for name in $(PYTHON) python3.12 python3.11 python3.13 python3 python; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && echo $$name && break; done

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

.PHONY: demo
demo: .venv/.runtime ## the whole portal with sample data in this terminal; PORT=9000 for another port
	@exec $(PY) -m config.demo

.PHONY: test
test: .venv/.development ## all tests, against real PostgreSQL and Redis; ARGS="tests/config -k port" for some
	$(PY) -m pytest --numprocesses $(TEST_PROCESSES) --dist loadgroup $(ARGS)

.PHONY: check
check: .venv/.development ## lint, types, import rules, missing migrations, deploy checks
	ruff check
	ruff format --check
	mypy .
	lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with production settings and throw-away secrets"
	@env $$($(PY) -m config.generated_secrets) DJANGO_SETTINGS_MODULE=config.settings.production \
		DATABASE_URL=postgresql://check@localhost/check REDIS_URL=redis://localhost/0 PUBLIC_HOST=privacy.example \
		EMAIL_URL=smtp+tls://mail.example EMAIL_FROM=privacy@privacy.example DEBUG= \
		CLAMD_ADDRESS=unix:/run/clamav/clamd.ctl \
		$(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) -m config.name_guard

.PHONY: bench
bench: .venv/.development ## the benchmarks: a table of ratios, and benchmarks/latest.json
	$(PY) -m benchmarks $(ARGS)

.PHONY: pins
pins: .venv/.development ## compile requirements*.txt from requirements*.in
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt

PIN = uv pip compile --universal --python-version 3.11 --no-header --no-emit-index-url --annotation-style line --quiet

.PHONY: messages
messages: ## compile the translations after a change of a .po file; needs msgfmt of GNU gettext
	for file in locale/*/LC_MESSAGES/django.po; do msgfmt --check-format -o "$${file%.po}.mo" "$$file" || exit 1; done

.PHONY: clean
clean: ## delete what running left behind, the demo's data included
	@if [ -x $(PY) ]; then for purpose in demo test bench; do $(PY) -m config.embedded delete $$purpose || exit 1; done; fi
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "Privacy Desk needs Python 3.11, 3.12 or 3.13. Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	echo "Making a virtual environment with $$($$python --version)"; \
	$$python -m venv .venv || { echo "No virtual environment: is the package python3-venv installed?" >&2; exit 1; }

# uv is quick; where it cannot be had or cannot install, pip does the same. It stays outside of what it keeps in step.
INSTALL = @file=$(1); \
	{ [ -x .venv/uv/bin/uv ] || $(PY) -m pip install --quiet --target .venv/uv uv==$(UV_VERSION); } \
		&& .venv/uv/bin/uv pip sync --quiet --python $(PY) $$file \
	|| { echo "uv could not install; pip does it now, which takes longer"; $(PY) -m pip install --quiet -r $$file; }

# Who has the development tools keeps them when only the runtime pins changed.
.venv/.runtime: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the portal needs"
	$(call INSTALL,$$([ -e .venv/.development ] && echo requirements-dev.txt || echo requirements.txt))
	@touch $@

.venv/.development: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the portal, its tests and its checks need"
	$(call INSTALL,requirements-dev.txt)
	@touch $@ .venv/.runtime
