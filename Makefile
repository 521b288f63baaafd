# Everything here sets itself up from python3 and make alone, in a virtual environment of its own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHEF ?= fixtures/chefs/every_kind.py

.PHONY: demo serve test lint clean

demo: $(VENV)/chefs
	$(BIN)/fake-studio cook $(CHEF)

serve: $(VENV)/plain
	$(BIN)/fake-studio serve

test: lint
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/plain: $(VENV)/bin/python setup.cfg pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/%: $(VENV)/bin/python setup.cfg pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
