"""The nightly backup: a message by the clock, into the queue the app reads anyway."""

from typing import Final

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import allow, plain
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.schedule import Schedule
from trackstack_infra.names import Layer
from trackstack_infra.settings.groups import NightlyBackupSettings

BACKUP_REQUESTED: Final = "dev.trackstack.ops.backup.requested.v1"
# Scheduler fills these in. The id is one of its attempt, so a message that went out twice asks for two backups.
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
EXECUTION_ID: Final = "<aws.scheduler.execution-id>"
SCHEDULED_TIME: Final = "<aws.scheduler.scheduled-time>"
REQUEST: Final = {
    "specversion": "1.0",
    "id": EXECUTION_ID,
    "source": "/trackstack/ops",
    "type": BACKUP_REQUESTED,
    "time": SCHEDULED_TIME,
    "datacontenttype": "application/json",
    "data": {"request_id": EXECUTION_ID},
}


class NightlyBackup(Component):
    """Asks the app, once a night, for what `trackstack bridge backup` asks by hand.

    The app makes the copy, because only its process may open the database. A request that never came to the queue is
    kept beside the events that failed: whoever looks there finds both.
    """

    layer = Layer.RUNTIME

    def __init__(self, name: str, *, backup: NightlyBackupSettings, queue: Queue, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.schedule = Schedule(
            name,
            # An hour that a clock change skips is skipped, and one that comes twice is used once: no night is lost as
            # long as `at` lies outside of it.
            expression=f"cron({backup.at.minute} {backup.at.hour} * * ? *)",
            timezone=backup.timezone,
            target=queue.arn,
            message=plain(REQUEST),
            may=allow("AskForBackup", ["sqs:SendMessage"], [queue.arn]),
            dead_letters=queue.dead_letters,
            opts=self.owned(after=queue.policies),
        )
        self.register_outputs({"schedule": self.schedule.schedule.name})
