#!/usr/bin/env bash
# import-linter keeps a contract that a folder without __init__.py breaks: it does not see the folder.
#
# One would guess: what Python imports, import-linter checks. Its documentation says that a contract covers what is
#   below the modules it names (https://import-linter.readthedocs.io/), and Python has not needed that file since
#   PEP 420 (https://peps.python.org/pep-0420/).
# What happens: inside a root package, a folder without __init__.py is left out of the graph, and nothing is said about
#   it. Its forbidden import does not count and the exit code is 0. An empty __init__.py brings it into view. Reported
#   as https://github.com/python-grimp/grimp/issues/298, open.
# Why it matters here: the contracts in pyproject.toml hold app and toolkit, and the domains, apart. Whoever adds a
#   folder and forgets the file takes it out of all of them, with a green `make check`. Only the number of files that
#   lint-imports analysed tells. ruff's INP001 finds such folders.
# Seen on 2026-11-30 with Python 3.11, import-linter 2.17, grimp 3.20:
#   without __init__.py   Contracts: 1 kept, 0 broken. (exit code 0)
#   with __init__.py      Contracts: 0 kept, 1 broken. (exit code 1)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check import-linter==2.17 grimp==3.20
mkdir -p shop/high shop/low/reports
touch shop/__init__.py shop/high/__init__.py shop/low/__init__.py
echo "from shop import high" > shop/low/reports/monthly.py
cat > .importlinter <<'INI'
[importlinter]
root_package = shop
[importlinter:contract:layers]
name = high imports low, never the other way
type = layers
layers =
    shop.high
    shop.low
INI
lint() {
    local output code=0
    output=$(PYTHONPATH=. venv/bin/lint-imports --no-cache) || code=$?
    echo "$(grep "^Contracts:" <<< "$output") (exit code $code)"
}
PYTHONPATH=. venv/bin/python -c "import shop.low.reports.monthly" # Python imports it
without=$(lint)
touch shop/low/reports/__init__.py
with=$(lint)
printf 'without __init__.py   %s\nwith __init__.py      %s\n' "$without" "$with"
if [[ $without != "Contracts: 1 kept, 0 broken. (exit code 0)" ]]; then
    echo "CHANGED: the folder without __init__.py is seen, or is an error" >&2
    exit 1
fi
if [[ $with != "Contracts: 0 kept, 1 broken. (exit code 1)" ]]; then
    echo "CHANGED: the broken contract is not reported even with __init__.py" >&2
    exit 1
fi
echo "HOLDS: a folder without __init__.py is outside every contract"
