# make setup   everything installed and built, nothing started
# make demo    the demonstration portal on http://127.0.0.1:8000
# make test    the whole test suite, PostgreSQL and browser included
# make check   lint, types and import contracts only (seconds)
# make format  lays out the code and the templates, as check wants them
# make fuzz    strangers' questions by the hundred thousand (an hour; FUZZ=number of them, SEED=which, to go on with a run), and as many broken files (FILES=number)
# make reference  the reference pages and both descriptions of the API, made from the code
# make bench   the benchmark, with its peers
# make lighthouse  what Lighthouse gives to four pages (installs it: 180 MB)
# make new-domain NAME=associations  a subject of public life that runs, to start from
# make wheel   a wheel that holds everything, with the hashes of what it runs on and its bill of materials, in dist/
# make lock    refresh requirements.lock after a change of dependencies

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: setup demo test check format reference fuzz bench lighthouse wheel lock clean system fast new-domain

PORT ?= 8000
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE :=
UV := $(BIN)/uv
DIST := src/parvis/hub/ui/static/parvis/dist
FRONT := $(shell find frontend/src frontend/styles frontend/maplibre -type f 2>/dev/null) frontend/vite.config.ts frontend/package.json
CATALOGUES := $(shell find src -name '*.po')

MIGRATIONS := $(shell find src -path '*/migrations/*.py')

setup: .venv/.synced $(DIST)/.built .venv/.translated .venv/.migrated .venv/.compressed

.venv/.created: scripts/find_python.sh scripts/uv.lock.txt
	@python="$$(bash scripts/find_python.sh)" && "$$python" -m venv .venv && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement scripts/uv.lock.txt && touch $@

.venv/.synced: .venv/.created requirements.lock pyproject.toml
	@echo "Bibliothèques Python…"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

frontend/node_modules/.synced: .venv/.synced frontend/package-lock.json
	@echo "Bibliothèques de l’interface…"
	@cd frontend && npm ci --silent --no-audit --no-fund && touch node_modules/.synced

CLIENTS := tests/conformance/clients
$(CLIENTS)/node_modules/.synced: .venv/.synced $(CLIENTS)/package-lock.json
	@cd $(CLIENTS) && npm ci --silent --no-audit --no-fund && touch node_modules/.synced

$(DIST)/.built: frontend/node_modules/.synced $(FRONT)
	@echo "Construction de l’interface…"
	@cd frontend && npm run --silent check && npm run --silent build
	@touch $@

.venv/.translated: .venv/.synced $(CATALOGUES)
	@$(BIN)/python scripts/compile_translations.py
	@touch $@

.venv/.migrated: .venv/.synced $(MIGRATIONS) src/parvis/config/settings.py src/parvis/__init__.py
	@echo "Base de départ…"
	@$(BIN)/python scripts/make_empty_database.py
	@touch $@

# After the empty database, in whose folder it is.
.venv/.compressed: .venv/.migrated $(DIST)/.built src/parvis/config/cli/assets.py
	@$(BIN)/python scripts/compress_assets.py
	@touch $@

# The interface is built while the database is made.
demo:
	@$(MAKE) --no-print-directory --jobs 2 setup
	@$(BIN)/parvis demo --port $(PORT)

system:
	@bash scripts/system_packages.sh

check: .venv/.synced
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check src
	$(BIN)/djangofmt check src
	$(BIN)/mypy
	$(BIN)/lint-imports

# The formatter goes again over what it could not fold by itself.
format: .venv/.synced
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet src
	$(BIN)/python scripts/fold_sentences.py
	$(BIN)/djangofmt src

new-domain: setup
	@$(BIN)/python scripts/new_domain.py $(NAME)

reference: .venv/.translated
	PARVIS_HOME=$$(mktemp -d) $(BIN)/python scripts/make_reference.py

fast: setup $(CLIENTS)/node_modules/.synced
	$(BIN)/pytest -m "not browser and not slow"

test: setup system check $(CLIENTS)/node_modules/.synced
	bash scripts/run_tests.sh

FUZZ ?= 200000
SEED ?= $(shell date +%s)
NOTES ?= .fuzz
FILES ?= 100000
fuzz: setup
	@echo "Questions au hasard : PARVIS_FUZZ_SEED=$(SEED)"
	$(BIN)/python tests/fuzzing/within.py --questions $(FUZZ) --seed $(SEED) --notes $(NOTES)
	$(BIN)/python tests/fuzzing/hostile_files.py --files $(FILES) --seed $(SEED) --keep $(NOTES)/files
	$(BIN)/python tests/fuzzing/confined_files.py --files $(FILES) --seed $(SEED)
	PARVIS_FUZZ_SEED=$(SEED) $(BIN)/pytest -s tests/fuzzing
	PARVIS_FUZZ=$(FUZZ) PARVIS_FUZZ_SEED=$(SEED) $(BIN)/pytest src/parvis/core/explore/tests/test_fuzz.py
	PARVIS_FUZZ_EXAMPLES=500 $(BIN)/pytest tests/conformance/test_schemathesis.py

bench: setup
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	$(BIN)/parvis bench

LIGHTHOUSE := tests/lighthouse
$(LIGHTHOUSE)/node_modules/.synced: .venv/.synced $(LIGHTHOUSE)/package-lock.json
	@cd $(LIGHTHOUSE) && npm ci --silent --no-audit --no-fund && touch node_modules/.synced

lighthouse: setup $(LIGHTHOUSE)/node_modules/.synced
	PARVIS_LIGHTHOUSE=1 $(BIN)/pytest -s tests/journeys/test_lighthouse.py

wheel: setup
	rm -rf dist && $(BIN)/python -m build --wheel --outdir dist .
	$(BIN)/python scripts/release_files.py dist

lock: .venv/.created
	$(UV) lock --quiet --upgrade-package parvis
	$(UV) export --quiet --no-emit-project --all-groups --no-annotate --no-header --format requirements.txt -o requirements.lock

clean:
	rm -rf .venv frontend/node_modules $(DIST) dist build .fuzz .pytest_cache .mypy_cache .ruff_cache
