# The commands for contributors (CONTRIBUTING.md). `make test` must pass before each commit.
PYTHON := .venv/bin/python
WORKERS ?= 2
CHECKOV := .trackstack/checkov/complete
# Keep compiled modules in .venv: a test run starts hundreds of processes, and each would compile them again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: test test-slow check scan bench lock environment pictures snapshots

test: environment  ## the default tests: unit, graph, real processes, both stacks end to end (about 5 minutes on 2 cores)
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile -m "not slow"

test-slow: environment $(CHECKOV)  ## the slow tests
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile -m "slow"

check: environment  ## lint, format, types, import layers
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

scan: environment $(CHECKOV)  ## run checkov over every stack; fails on findings that no rule accepts and no waiver covers
	$(PYTHON) -m trackstack_infra.cli policy scan

# Checkov has its own environment because its libraries conflict with ours. Takes half a minute, once and after each change of its requirements.
$(CHECKOV): requirements-checkov.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install -q --require-hashes --only-binary :all: -r $<
	touch $@

bench: environment  ## print the figures of docs/figures.md; asserts nothing
	for script in tests/bench/bench_*.py; do $(PYTHON) $$script || exit 1; done

pictures: environment  ## draw docs/pictures/*.svg from the programs
	for stack in foundation pragmatic enterprise; do \
	  $(PYTHON) -m trackstack_infra.cli graph $$stack --format svg > docs/pictures/$$stack.svg || exit 1; \
	done
	$(PYTHON) -m trackstack_infra.cli cost-report --hours 112 --format svg > docs/pictures/costs.svg

snapshots: environment  ## rewrite tests/stacks/snapshots and names after an intended change of a stack
	TRACKSTACK_FREEZE=snapshots $(PYTHON) -m pytest -q tests/stacks/test_frozen.py -k reads_as_its_snapshot
	TRACKSTACK_FREEZE=names $(PYTHON) -m pytest -q tests/stacks/test_frozen.py -k keeps_its_name

environment:
	@./trackstack --environment dev

lock:  ## compile the hashed requirement files from pyproject.toml (needs uv on PATH)
	uv pip compile -q pyproject.toml --group app $(LOCK_FLAGS) -o requirements-app.txt
	uv pip compile -q pyproject.toml --group infra $(LOCK_FLAGS) -c requirements-app.txt -o requirements.txt
	uv pip compile -q pyproject.toml --group dev $(LOCK_FLAGS) -c requirements.txt -o requirements-dev.txt
	echo checkov==3.3.30 | uv pip compile -q - $(LOCK_FLAGS) -o requirements-checkov.txt

LOCK_FLAGS = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
