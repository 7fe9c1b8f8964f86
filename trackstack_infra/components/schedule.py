"""Something that happens by the clock: EventBridge Scheduler hands a fixed input to one target, and to no other."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow
from trackstack_infra.components.role import Role

# It tries again for two hours, so a short outage of the target changes the hour and not the day.
RETRY_FOR_S: Final = 2 * 3600
RETRIES: Final = 12


class Schedule(Component):
    """One schedule, in a group of its own, with a role that only this group can take on.

    A role is limited by the group, because AWS asks not to name single schedules in a trust policy.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    It goes with the power where its owner does. The first 14 million invocations of a month are free.
    https://aws.amazon.com/eventbridge/pricing/ (read 2026-11)
    """

    def __init__(
        self,
        name: str,
        *,
        expression: str,
        timezone: str,
        target: pulumi.Input[str],
        message: str,
        may: Statement,
        dead_letters: aws.sqs.Queue,
        opts: Opts = None,
    ) -> None:
        """`expression` is `cron(…)` in `timezone`, or `rate(…)`; `may` is the one thing the role allows.

        What could not be handed over is kept among `dead_letters`.
        """
        super().__init__(name, opts)
        self.group = aws.scheduler.ScheduleGroup(
            self.child("group"), name=self.physical(name), tags=self.tags(), opts=self.owned(delete_first=True)
        )
        self.role = Role(
            f"{name}-schedule",
            service="scheduler.amazonaws.com",
            trust_condition={
                "StringEquals": {"aws:SourceAccount": account_id()},
                "ArnEquals": {"aws:SourceArn": self.group.arn},
            },
            statements=[may, allow("KeepDeadLetters", ["sqs:SendMessage"], [dead_letters.arn])],
            opts=self.owned(),
        )
        self.schedule = aws.scheduler.Schedule(
            self.child("schedule"),
            name=self.physical(name),
            group_name=self.group.name,
            schedule_expression=expression,
            schedule_expression_timezone=timezone,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            state="ENABLED",
            target=aws.scheduler.ScheduleTargetArgs(
                arn=target,
                role_arn=self.role.arn,
                input=message,
                dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(arn=dead_letters.arn),
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=RETRY_FOR_S, maximum_retry_attempts=RETRIES
                ),
            ),
            opts=self.owned(after=[self.role.policy], delete_first=True),
        )
        self.register_outputs({"schedule": self.schedule.name})
