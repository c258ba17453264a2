# `make app` opens the app, `make test` runs all tests; both set up what is missing first.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PYTEST ?=

.PHONY: app test lint format translations screenshots benchmark soak mutants fuzz clean

app: $(VENV)/.app
	$(BIN)/python -m streamlit run streamlit_app.py --server.port $(PORT)

# Without Chromium the browser tests say so and are skipped; CHROMIUM is the path to one.
# Files in their order: those that take longest, of the browser, come first.
test: $(VENV)/.development
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder $(PYTEST)

lint: $(VENV)/.development
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/oxlint --deny-warnings pages/components fmnist_core/exports/web
	$(BIN)/oxfmt --check 'pages/components/**/*.js' 'fmnist_core/**/*.js'
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml
	$(BIN)/kubernetes-validate --quiet --strict deploy/kubernetes.yaml
	$(BIN)/hadolint Dockerfile

format: $(VENV)/.development
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/oxlint --fix pages/components fmnist_core/exports/web
	$(BIN)/oxfmt 'pages/components/**/*.js' 'fmnist_core/**/*.js'

# Gathers the texts of the app; those without a translation then stand empty in the files.
translations: $(VENV)/.development
	mkdir -p build
	$(BIN)/python -m babel.messages.frontend extract --mapping-file babel.toml --no-default-keywords \
		--keywords 'say say_count:1,2 mark:1,1t mark:1,2c,2t' --add-location file --sort-by-file --omit-header --width 100 --output-file build/messages.pot .
	$(BIN)/python -m babel.messages.frontend update --input-file build/messages.pot --locale de \
		--output-file assets/languages/de.po --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		--omit-header --width 100

# The picture in README.
screenshots: $(VENV)/.development
	$(BIN)/python -m docs.screenshots

benchmark: $(VENV)/.development
	$(BIN)/python -m benchmarks.results

# Visitors, runs and faults for half an hour: is anything lost?
soak: $(VENV)/.development
	$(BIN)/python -m benchmarks.soak

# Whether the tests of PACKAGE notice small faults: make mutants PACKAGE=recipes
mutants: $(VENV)/.development
	$(BIN)/python -m benchmarks.mutants $(PACKAGE)

# Whether any input gets the better of an entrance, a minute each: make fuzz TARGET=picture
fuzz: $(VENV)/.development
	$(BIN)/python -m benchmarks.fuzz $(TARGET)

clean:
	rm -rf $(VENV) build

# The stamps are newer than the requirements they were installed from.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); TensorFlow needs Python 3.11, 3.12 or 3.13."; \
		echo "Name one of these: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.app: requirements.txt | $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.development: requirements.txt requirements-dev.txt | $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.app
