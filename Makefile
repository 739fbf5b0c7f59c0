# `make` lists what can be done.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# A PostgreSQL of another version, for the tests: PG=17
on_server = $(if $(PG),export POSTGRES_BIN; POSTGRES_BIN=$$(.ci/server $(PG)) && )

.PHONY: help
help:
	@printf 'make TARGET\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nDebian, Ubuntu and macOS: what is missing is installed first. Only Swift has to be there.\n'

.PHONY: demo
demo: build ## See it work: a sample company on a private PostgreSQL (KEEP=1 leaves the server running)
	@.build/debug/reimburse demo $(if $(filter-out 0 no,$(KEEP)),--keep)

.PHONY: test
test: ## Build, lint, and run every test, Swift and SQL (PG=17, PG=18 on another PostgreSQL, fetched where it is missing)
	@$(on_server).ci/test

.PHONY: build
build: ## Build the command, .build/debug/reimburse
	@.ci/install
	@swift build

.PHONY: release
release: ## Build the command as it is shipped, .build/release/reimburse
	@.ci/install
	@swift build --configuration release $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib) --product reimburse

.PHONY: bench
bench: release ## Measure against controls, in about five minutes (SIZE=large, ONLY=single,bulk, PLOTS=folder)
	@.build/release/reimburse bench $(if $(SIZE),--size $(SIZE)) $(if $(ONLY),--only $(ONLY)) $(if $(PLOTS),--plots $(PLOTS))

.PHONY: lint
lint: build ## Check Swift, SQL, the migrated schema and the Compose file
	@.ci/install --tests
	@$(on_server)Tests/lint/run

.PHONY: model
model: ## Check the model of the queue, where spin is installed
	@Tests/model/run

.PHONY: stops
stops: build ## Stop transfers and the queue at each of their statements, in minutes (ONLY=claim for some)
	@.ci/install --tests
	@Tests/stops/run $(if $(ONLY),--only "$(ONLY)")

.PHONY: chaos
chaos: build ## Kill workers, sessions and the server while people work, then check the books (MINUTES=5 SEED=1 ONLY=rescue)
	@.build/debug/chaos --minutes $(or $(MINUTES),5) --seed $(or $(SEED),1) $(if $(ONLY),--only $(ONLY)) \
		$(if $(JSON),--json $(JSON)) --keep

.PHONY: test-swift
test-swift: build ## Run the Swift tests (FILTER=WorkerTests for some)
	@$(on_server)SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test $(if $(FILTER),--filter $(FILTER))

.PHONY: test-sql
test-sql: build ## Run the SQL tests (FILES=Tests/sql/queue for some, files or folders)
	@.ci/install --tests
	@$(on_server)Tests/sql/run $(FILES)

.PHONY: format
format: ## Format Swift and SQL in place
	@.ci/install --tests
	@swift format --in-place --recursive --parallel Package.swift Sources Tests
	@.build-tools/venv/bin/sqlfluff fix --quiet sql Tests/sql

.PHONY: install-dependencies
install-dependencies: ## Install what building, testing and linting need and this machine lacks
	@.ci/install --tests

.PHONY: clean
clean: ## Remove what was built, and what came from PyPI
	@rm -rf .build .build-*
