#!/usr/bin/env bash
# The grafana-foundation-sdk that pip takes for the newest builds dashboards for the oldest Grafana it knows.
#
# One would guess: the package's version is Grafana's, the newest is for the newest Grafana, and `>=11` brings 11 or
#   later. The installation page of each line names one exact version with an epoch, and does not say why
#   (https://grafana.github.io/grafana-foundation-sdk/v11.4.x+cog-v0.0.x/python/Installing).
# What happens: every line is released with its build time as epoch, the oldest Grafana last, and an epoch outweighs all
#   that follows it (https://packaging.python.org/en/latest/specifications/version-specifiers/#version-epochs). So
#   1769699998!10.1.0 counts as newer than 1769699379!11.6.0 and satisfies `>=11`, while `==11.6.0` matches nothing.
# Why it matters here: it is the typed way to write dashboards for what trackstack_infra/components/observability.py
#   runs. Unpinned, or raised by an update bot, they fall from schema 41 to 36 without an error. Pin it with its epoch.
# Seen on 2026-11-30 with Python 3.11, packaging 26.4:
#   1769699998!10.1.0 builds schema 36, 1769699379!11.6.0 builds schema 41
#   newer: 1769699998!10.1.0; >=11 allows: 1769699998!10.1.0, 1769699379!11.6.0; ==11.6.0 allows: nothing
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check packaging==26.4
cat > check.py <<'PY'
import subprocess
import sys

from packaging.specifiers import SpecifierSet
from packaging.version import Version

OLD, NEW = "1769699998!10.1.0", "1769699379!11.6.0"  # Grafana 10.1 and 11.6, released within eleven minutes
BUILD = """
from grafana_foundation_sdk.builders.dashboard import Dashboard
print(Dashboard("Any").build().schema_version)
"""


def schema(version):
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, f"grafana-foundation-sdk=={version}"], check=True)
    return int(subprocess.run([sys.executable, "-c", BUILD], check=True, capture_output=True, text=True).stdout)


def allowed(specifier):
    return list(SpecifierSet(specifier).filter((OLD, NEW)))


schemas = {version: schema(version) for version in (OLD, NEW)}
newer = str(max(Version(OLD), Version(NEW)))
print(", ".join(f"{version} builds schema {number}" for version, number in schemas.items()))
print(f"newer: {newer}; >=11 allows: {', '.join(allowed('>=11'))}; ==11.6.0 allows: {allowed('==11.6.0') or 'nothing'}")
if newer != OLD or allowed(">=11") != [OLD, NEW] or allowed("==11.6.0"):
    sys.exit("CHANGED: versions with epochs compare otherwise")
if schemas != {OLD: 36, NEW: 41}:
    sys.exit("CHANGED: the two packages build dashboards of other schemas")
print("HOLDS: the version that counts as newer builds the older dashboards")
PY
venv/bin/python check.py
