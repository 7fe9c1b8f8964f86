"""What `pulumi up` runs by hand (`main: stacks/`): the program of the stack that was selected, with its settings."""

import sys
from pathlib import Path

import pulumi

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # Pulumi starts the folder, not the package

from stacks import PROGRAMS  # noqa: E402
from trackstack_infra.settings.load import load_settings  # noqa: E402

stack = pulumi.get_stack()
PROGRAMS[stack](load_settings(stack, ROOT))
