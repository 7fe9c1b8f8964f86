"""Does what ECS and Lambda do on AWS: really runs tasks and functions, on this computer."""

from trackstack_infra.local.agent.agent import Agent
from trackstack_infra.local.agent.board import Board, ServiceStatus, TaskStatus
from trackstack_infra.local.agent.images import IMAGES, UnknownImage
from trackstack_infra.local.agent.lambdas import SubprocessLambdas
from trackstack_infra.local.agent.orphans import TaskFile, end_orphans
from trackstack_infra.local.agent.traffic import Traffic

__all__ = [
    "IMAGES",
    "Agent",
    "Board",
    "ServiceStatus",
    "SubprocessLambdas",
    "TaskFile",
    "TaskStatus",
    "Traffic",
    "UnknownImage",
    "end_orphans",
]
