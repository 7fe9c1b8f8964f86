"""Where alarms go: one topic for all stacks, and from it a mail, if the settings name an address."""

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import document, tls_only


class Alerts(Component):
    """A topic that CloudWatch's alarms publish to.

    Not encrypted at rest: CloudWatch may not use AWS's own key for SNS, and a key of ours would cost $1 a month to
    hide the names of alarms.
    """

    def __init__(self, name: str, *, region: str, mail: str | None, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.topic = aws.sns.Topic(
            self.child("topic"), name=self.physical(name), tags=self.tags(), opts=self.owned(delete_first=True)
        )
        account = account_id()
        only_alarms = {
            "Sid": "OnlyFromAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": self.topic.arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {
                    "aws:SourceArn": pulumi.Output.concat(f"arn:aws:cloudwatch:{region}:", account, ":alarm:ts-*")
                },
            },
        }
        aws.sns.TopicPolicy(
            self.child("policy"),
            arn=self.topic.arn,
            policy=document(only_alarms, tls_only("sns:Publish", [self.topic.arn])),
            opts=self.owned(),
        )
        if mail:
            aws.sns.TopicSubscription(
                self.child("mail"), topic=self.topic.arn, protocol="email", endpoint=mail, opts=self.owned()
            )
        self.register_outputs({"topic_arn": self.topic.arn})
