# Everything here sets itself up from python3 and make alone, in a virtual environment of its own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHEF ?= fixtures/chefs/every_kind.py
# What to install for the tests. With kolibri, a real Kolibri imports what we publish: EXTRAS=test,kolibri
EXTRAS ?= test

.PHONY: demo serve test lint bench dist clean

demo: $(VENV)/with-chefs
	@$(BIN)/fake-studio cook $(CHEF)

serve: $(VENV)/with-nothing
	@$(BIN)/fake-studio serve

test: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/with-$(EXTRAS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/with-bench
	$(BIN)/python -m benchmarks

# The source distribution and the wheel, in dist/. The wheel is built from the source distribution.
dist: $(VENV)/with-release
	rm -rf dist build
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/with-nothing: $(VENV)/bin/python setup.cfg setup.py pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/with-%: $(VENV)/bin/python setup.cfg setup.py pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
