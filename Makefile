# Everything here sets itself up from python3 and make alone, in a virtual environment of its own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Python compiles what it imports, when it does; pip would compile all of it.
INSTALL_QUIETLY := install --quiet --disable-pip-version-check --no-compile
PIP_INSTALL := -m pip $(INSTALL_QUIETLY)
# uv chooses among the versions of all that is needed in a quarter of the time that pip takes; where it is not to be had,
# pip does it. From 0.12 on it refuses the archive of PyPDF2 1.26, which ricecooker asks for.
UV := uv<0.12
UV_INSTALL := -m uv pip install --quiet --python $(BIN)/python
INSTALL = $(BIN)/python $(UV_INSTALL) $(1) || { $(BIN)/python -m ensurepip > /dev/null && $(BIN)/python $(PIP_INSTALL) $(1); }
CHEF ?= fixtures/chefs/every_kind.py
# What to install for the tests. With kolibri, a real Kolibri imports what we publish: EXTRAS=test,kolibri
EXTRAS ?= test

# One more than two cores: browsers, Kolibri and chefs keep a worker waiting. A file's tests stay with one of them, which
# makes its fixtures once.
WORKERS ?= 3

# No browser, no Kolibri, no page of the docs followed: they take a third of the time, and CI has them each time. And of
# what hypothesis makes up, half. Every test: make test QUICK=
QUICK ?= --quick

# The tests start hundreds of Pythons, and each would compile our modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo serve test lint lowest bench dist clean

demo: $(VENV)/with-chefs
	@$(BIN)/fake-studio cook $(CHEF)

serve: $(VENV)/with-nothing
	@$(BIN)/fake-studio serve

# The code is checked beside the tests, which leave a core idle while they start. What that says is printed at the end.
test: $(VENV)/with-$(EXTRAS)
	@$(MAKE) --no-print-directory lint > $(VENV)/lint.txt 2>&1 & linting=$$!; \
	$(BIN)/python -m pytest $(QUICK) -n $(WORKERS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$linting; lint=$$?; cat $(VENV)/lint.txt; exit $$((tests + lint))

lint: $(VENV)/with-$(EXTRAS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The lowest versions that setup.cfg names, together, on the oldest Python: make lowest PYTHON=python3.9
LOWEST_TESTS ?= tests/state tests/http_server tests/http tests/robust tests/publishing --ignore-glob 'tests/http/test_openapi*'
lowest:
	$(PYTHON) -m venv --clear $(VENV)-lowest
	$(PYTHON) tests/lowest_versions.py setup.cfg > $(VENV)-lowest/versions.txt
	$(VENV)-lowest/bin/python $(PIP_INSTALL) --requirement $(VENV)-lowest/versions.txt
	$(VENV)-lowest/bin/python $(PIP_INSTALL) --no-deps --editable .
	$(VENV)-lowest/bin/python -m pytest -n 2 $(LOWEST_TESTS)

bench: $(VENV)/with-bench
	$(BIN)/python -m benchmarks

# The source distribution and the wheel, in dist/. The wheel is built from the source distribution.
dist: $(VENV)/with-release
	rm -rf dist build
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

# A pip of its own takes five seconds to make. That of $(PYTHON), from 22.3 on, can fetch uv for it.
$(VENV)/bin/python:
	$(PYTHON) -m venv --without-pip $(VENV)
	-@$(PYTHON) -m pip --python $@ $(INSTALL_QUIETLY) '$(UV)' || { $@ -m ensurepip > /dev/null && $@ $(PIP_INSTALL) '$(UV)'; }

$(VENV)/with-nothing: $(VENV)/bin/python setup.cfg setup.py pyproject.toml
	$(call INSTALL,--editable .)
	@touch $@

$(VENV)/with-%: $(VENV)/bin/python setup.cfg setup.py pyproject.toml
	$(call INSTALL,--editable '.[$*]')
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-lowest build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
