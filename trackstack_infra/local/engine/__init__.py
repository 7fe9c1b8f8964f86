"""The local engine: brings stacks up in the emulator by running their Pulumi programs in this process.

Importing it, and reading a state, imports neither Pulumi nor boto3.
"""

from trackstack_infra.local.engine.engine import LocalEngine
from trackstack_infra.local.engine.plan import Action, Change, ComponentName, EngineEvent, Plan, Result
from trackstack_infra.local.engine.state import (
    Pending,
    ResourceState,
    StackState,
    StateDamaged,
    StateNewer,
    read_state,
    state_path,
    take_state,
)

__all__ = [
    "Action",
    "Change",
    "ComponentName",
    "EngineEvent",
    "LocalEngine",
    "Pending",
    "Plan",
    "ResourceState",
    "Result",
    "StackState",
    "StateDamaged",
    "StateNewer",
    "read_state",
    "state_path",
    "take_state",
]
