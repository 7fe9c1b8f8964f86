"""Runs checkov over a plan, offline and in an environment of its own: its libraries disagree with ours."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from trackstack_infra.errors import Failed, PrerequisiteMissing

ENVIRONMENT: Final = Path(".trackstack", "checkov")
"""Where `make scan` makes it, below the checkout."""
TIMEOUT_S: Final = 120
_PLAN: Final = ("--framework", "terraform_plan")
_OFFLINE: Final = ("--skip-download", "--skip-results-upload", "--download-external-modules", "false")
_PRINTED: Final = ("--output", "json", "--compact", "--quiet", "--soft-fail")


@dataclass(frozen=True, order=True)
class ScanFinding:
    """A resource that fails one of checkov's checks."""

    check: str
    address: str
    """Terraform's, such as `aws_s3_bucket.backups-bucket`."""
    title: str

    @property
    def type(self) -> str:
        """Terraform's resource type."""
        return self.address.partition(".")[0]


class Checkov:
    """The checkov of one environment."""

    def __init__(self, root: Path) -> None:
        self._executable = root / ENVIRONMENT / "bin" / "checkov"

    @property
    def installed(self) -> bool:
        """Whether the environment has been made."""
        return self._executable.exists()

    def findings(self, plan: Mapping[str, Any]) -> tuple[ScanFinding, ...]:
        """Every check that a resource of the plan fails, sorted; raises where checkov could not read the plan."""
        if not self.installed:
            raise PrerequisiteMissing(f"checkov is not installed in {ENVIRONMENT}", hint="`make scan` installs it")
        with tempfile.TemporaryDirectory(prefix="trackstack-checkov-") as folder:
            file = Path(folder, "plan.json")
            file.write_text(json.dumps(plan, indent=1))
            command = [
                str(self._executable),
                "--file",
                str(file),
                "--framework",
                "terraform_plan",
                *_PRINTED,
                *_OFFLINE,
            ]
            # Nothing of the caller's environment: no key of an account, no configuration, no home to leave a file in.
            environment = {"PATH": os.defpath, "HOME": folder, "LOG_LEVEL": "ERROR"}
            run = subprocess.run(
                command, env=environment, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
            )
        if run.returncode != 0:
            raise Failed(f"checkov ended with exit code {run.returncode}", hint=run.stderr.strip()[-500:] or None)
        return _read(json.loads(run.stdout))


def _read(report: Mapping[str, Any]) -> tuple[ScanFinding, ...]:
    """The failures of a report. One of a plan without resources has no results, only zeros."""
    unread = report.get("summary", {}).get("parsing_errors", 0)
    if unread:
        raise Failed("checkov cannot parse the plan", hint="compare it with `terraform show -json` of the same stack")
    failed = report.get("results", {}).get("failed_checks", [])
    return tuple(sorted({ScanFinding(each["check_id"], each["resource"], each["check_name"]) for each in failed}))
