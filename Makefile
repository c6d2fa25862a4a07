# Each target works on a fresh clone; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench pin chromium format translations backup restore

help: ## List what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(VENV)/run.stamp ## Set everything up and run the portal at http://127.0.0.1:8000 (PORT=… for another)
	PORT=$(PORT) $(BIN)/python scripts/demo.py

test: $(VENV)/dev.stamp chromium ## Run all tests, browser tests included (TEST_DATABASE_URL=… for PostgreSQL)
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

lint: $(VENV)/dev.stamp ## Check style, types, the direction of imports, and that requirements are shown by tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.requirements --check

format: $(VENV)/dev.stamp ## Put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: $(VENV)/dev.stamp ## Bring the English catalogue in step with the code; fails while a text has no English
	$(BIN)/python -m scripts.translations

bench: $(VENV)/dev.stamp ## Measure import and tickets (SHORT=1 for a quick look)
	$(BIN)/python -m bench $(if $(SHORT),--short)

backup: $(VENV)/run.stamp ## Write database and files into one file (TO=… for another folder than instance/backups)
	$(BIN)/flask --app wsgi operation backup $(if $(TO),--to "$(TO)")

restore: $(VENV)/run.stamp ## Bring database and files back from a backup (FILE=…); stop the portal first
	@test -n "$(FILE)" || { echo "which backup? make restore FILE=instance/backups/portal-….tar.gz"; exit 2; }
	$(BIN)/flask --app wsgi operation restore "$(FILE)" $(if $(TO),--to "$(TO)")

pin: $(VENV)/dev.stamp ## Pin the newest versions of all dependencies, with hashes
	$(BIN)/python -m pip install -q uv
	for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --python-version 3.11 \
			--custom-compile-command "make pin" $$name.in -o $$name.txt; done
	$(BIN)/uv pip compile -q --upgrade --no-deps --generate-hashes --no-annotate --python-version 3.11 \
		--custom-compile-command "make pin" requirements-fonts.in -o requirements-fonts.txt

chromium: ## Install what the tests need from the system: a browser and the tools that read PDFs
	@sh scripts/install_test_tools.sh

$(VENV)/run.stamp: requirements.txt requirements-fonts.txt
	@echo "Setting up Python packages in $(VENV): once, about a minute"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-fonts.txt
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
