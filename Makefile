# `make run` and `make test` do all their own set-up.
PYTHON ?= python3
BIN := .venv/bin
# An empty environment has no search path.
export PATH := $(or $(PATH),/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)

.PHONY: run test check bench bench-reports bench-staff soak lock

run: .venv/run
	@exec $(BIN)/python manage.py up

test: .venv/dev
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

bench: .venv/dev
	$(BIN)/python -m tests.benchmarks.throughput

bench-reports: .venv/dev
	$(BIN)/python -m tests.benchmarks.reporting $(OPTIONS)

bench-staff: .venv/dev
	$(BIN)/python -m tests.benchmarks.staff_list $(OPTIONS)

soak: .venv/dev
	$(BIN)/python -m tests.soak $(OPTIONS)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PulseWeave needs Python 3.11 or newer; give it as PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Needs uv (https://docs.astral.sh/uv/).
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes requirements-dev.in -c requirements.txt -o requirements-dev.txt
