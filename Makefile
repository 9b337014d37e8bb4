# make demo     run the checker on a Linux kernel (LINUX=DIR names the tree) and explain what it found
# make test     the quick tests; with REAL=1 also those on whole kernels
# make lint     ruff and mypy
# make clean    remove what these targets made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LINUX ?=
REAL ?=
PYTEST_ARGS ?= -n auto --dist loadgroup

.PHONY: demo test lint clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \(make .*\)/\1/p' $(firstword $(MAKEFILE_LIST))

$(VENV)/.installed: pyproject.toml
	@scripts/venv $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev,solve,images]'
	@touch $@

demo: $(VENV)/.installed
	@scripts/demo $(BIN)/memdesc $(LINUX)

test: $(VENV)/.installed-dev
	@$(if $(REAL),scripts/packages)
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(if $(REAL),,-m 'not real')

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
