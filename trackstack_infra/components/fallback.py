"""What ECS does not do by itself: a service that Spot has no room for runs on demand until Spot has room again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.iam_policy import Statement, allow, document, plain, tls_only
from trackstack_infra.components.log import log_group, may_write
from trackstack_infra.components.messaging import dead_letter_queue
from trackstack_infra.components.role import Role
from trackstack_infra.components.schedule import Schedule
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.settings.models import ArchitectureSettings

CODE: Final = ("apps/spot/__init__.py", "apps/spot/handler.py")
RUNTIME: Final = "python3.13"
TIMEOUT_S: Final = 60
# A day on demand costs 16 cents more than one on Spot, and a try, which is a minute of Spot, less than a hundredth.
TRY_AGAIN: Final = "rate(6 hours)"


class SpotFallback(Component):
    """ECS's event about a task it could not place calls a function, which moves the service to on-demand capacity.

    Every six hours the clock calls it too, and then it tries Spot, and moves back what is on demand when there is room.
    `trackstack up` after a refresh sends a moved service back as well, since its program says Spot; without room there,
    the next event moves it once more.

    Free of charge but for those tries: rule, schedule and function are far below what is free each month. Hence it is
    there also while the power is off, when it finds no service.
    The function is not in the VPC: it calls ECS's API and nothing else.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ArchitectureSettings,
        cluster: Cluster,
        tasks: Sequence[ServiceTask],
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.cluster_arn = cluster.cluster.arn
        self.tasks = tasks
        # Known before there is one: the services come and go with the power, and this stays.
        self.services = {task.name: self.physical(task.name) for task in tasks}
        place = pulumi.Output.concat(f"arn:aws:ecs:{settings.region}:", account_id(), f":service/{self.physical()}/")
        self.service_arns = [pulumi.Output.concat(place, service) for service in self.services.values()]
        # Not the app's: what lies there may be sent to the app again, and these messages are not for it.
        self.dead_letters = dead_letter_queue(self)
        self.log_group = log_group(self, name=names.lambda_log_group(self.physical(name)), days=settings.log_days)
        self.role = Role(name, service="lambda.amazonaws.com", statements=self._statements(), opts=self.owned())
        self.function = self._function(settings.root)
        rule = self._rule()
        self._keep_dead_letters_of(rule)
        Schedule(
            f"{name}-return",
            expression=TRY_AGAIN,
            timezone="UTC",
            target=self.function.arn,
            message=plain({"detail-type": "Scheduled Try"}),
            may=allow("CallTheFunction", ["lambda:InvokeFunction"], [self.function.arn]),
            dead_letters=self.dead_letters,
            opts=self.owned(),
        )
        self.register_outputs({"function": self.function.name})

    def _statements(self) -> list[Statement]:
        here = {"ArnEquals": {"ecs:cluster": self.cluster_arn}}
        # Any revision: the function runs what the service runs, also in the minutes in which that is the one before.
        definitions = [pulumi.Output.concat(task.definition.arn_without_revision, ":*") for task in self.tasks]
        roles = [role.arn for task in self.tasks for role in (task.execution_role, task.task_role)]
        return [
            allow("MoveServices", ["ecs:DescribeServices", "ecs:UpdateService"], self.service_arns, here),
            allow("TrySpot", ["ecs:RunTask"], definitions, here),
            allow(
                "GiveTheTryItsRoles",
                ["iam:PassRole"],
                roles,
                {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
            allow("KeepDeadLetters", ["sqs:SendMessage"], [self.dead_letters.arn]),
            may_write(self.log_group),
        ]

    def _function(self, root: Path) -> aws.lambda_.Function:
        containers = plain({service: container for container, service in self.services.items()})
        return aws.lambda_.Function(
            self.child("function"),
            name=self.physical(self.name),
            # Each file by its path in the checkout, so that its import reads the same there, in Lambda and in tests.
            code=pulumi.AssetArchive({path: pulumi.FileAsset(root / path) for path in CODE}),
            handler="apps.spot.handler.handler",
            runtime=RUNTIME,
            architectures=["arm64"],
            memory_size=128,
            timeout=TIMEOUT_S,
            # One at a time: event and clock must not move the same service both ways.
            reserved_concurrent_executions=1,
            dead_letter_config=aws.lambda_.FunctionDeadLetterConfigArgs(target_arn=self.dead_letters.arn),
            role=self.role.arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={"CLUSTER": self.cluster_arn, "CONTAINERS": containers}
            ),
            tags=self.tags(),
            opts=self.owned(after=[self.role.policy, self.log_group], delete_first=True),
        )

    def _rule(self) -> aws.cloudwatch.EventRule:
        """The event and its fields: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html"""
        rule = aws.cloudwatch.EventRule(
            self.child("rule"),
            name=self.physical(self.name),
            description="ECS has no room for a task",
            event_pattern=pulumi.Output.json_dumps(
                {
                    "source": ["aws.ecs"],
                    "detail-type": ["ECS Service Action"],
                    "resources": self.service_arns,
                    "detail": {"eventType": ["ERROR"], "eventName": ["SERVICE_TASK_PLACEMENT_FAILURE"]},
                }
            ),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        permission = aws.lambda_.Permission(
            self.child("permission"),
            function=self.function.name,
            statement_id="CalledByTheRule",
            action="lambda:InvokeFunction",
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=self.owned(delete_first=True),
        )
        aws.cloudwatch.EventTarget(
            self.child("target"),
            rule=rule.name,
            target_id=self.physical(self.name),
            arn=self.function.arn,
            dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(arn=self.dead_letters.arn),
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=3600, maximum_retry_attempts=10
            ),
            opts=self.owned(after=[permission], delete_first=True),
        )
        return rule

    def _keep_dead_letters_of(self, rule: aws.cloudwatch.EventRule) -> None:
        aws.sqs.QueuePolicy(
            self.child("dead-letters-policy"),
            queue_url=self.dead_letters.url,
            policy=document(
                {
                    "Sid": "OnlyFromTheRule",
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": self.dead_letters.arn,
                    "Condition": {"ArnEquals": {"aws:SourceArn": rule.arn}},
                },
                tls_only("sqs:*", [self.dead_letters.arn]),
            ),
            opts=self.owned(),
        )
