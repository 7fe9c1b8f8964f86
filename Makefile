# The commands a contributor needs. `make test` is the one that must be green.
PYTHON := .venv/bin/python
WORKERS ?= 2
CHECKOV := .trackstack/checkov/complete
# Compiled modules are kept in .venv: without them each of the hundreds of processes of a test run compiles them anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: test test-slow check scan bench lock environment pictures snapshots

test: environment  ## the default suite: unit, graph, real processes, both stacks end to end (under 5 minutes on 2 cores)
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile -m "not slow"

test-slow: environment $(CHECKOV)  ## the longer tiers
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile -m "slow"

check: environment  ## lint, format, types, who imports whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

scan: environment $(CHECKOV)  ## what checkov finds in every stack that none of our rules accepts
	$(PYTHON) -m trackstack_infra.cli policy scan

# Its own environment, as its libraries and ours disagree; half a minute, once and when its requirements change.
$(CHECKOV): requirements-checkov.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install -q --require-hashes --only-binary :all: -r $<
	touch $@

bench: environment  ## figures of docs/figures.md, printed, never asserted
	for script in tests/bench/bench_*.py; do $(PYTHON) $$script || exit 1; done

pictures: environment  ## draw docs/pictures/*.svg from the programs
	for stack in foundation pragmatic enterprise; do \
	  $(PYTHON) -m trackstack_infra.cli graph $$stack --format svg > docs/pictures/$$stack.svg || exit 1; \
	done
	$(PYTHON) -m trackstack_infra.cli cost-report --hours 112 --format svg > docs/pictures/costs.svg

snapshots: environment  ## write tests/stacks/snapshots and names anew, after a change of a stack that is meant
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
