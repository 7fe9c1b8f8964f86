"""Who talked to whom: a record of every connection in a network, accepted or rejected, for a few days."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import allow
from trackstack_infra.components.log import log_group
from trackstack_infra.components.network import Network
from trackstack_infra.components.role import Role

# Long enough to look into last weekend on Tuesday. Each GB costs $0.50 to take in, hence also the long interval.
KEPT_DAYS: Final = 3
AGGREGATION_S: Final = 600


class FlowLog(Component):
    """A network's flow log, in a log group of its own, written by a role that can write there and nowhere else."""

    def __init__(self, name: str, *, network: Network, region: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        group = log_group(self, name=names.log_group(self.stack, name), days=KEPT_DAYS)
        role = self._role(group, region)
        self.log = aws.ec2.FlowLog(
            self.child("flows"),
            vpc_id=network.vpc.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_S,
            tags=self.tags(self.physical(name)),
            opts=self.owned(after=[role.policy], delete_first=True),
        )
        self.register_outputs({"log_group": group.name})

    def _role(self, group: aws.cloudwatch.LogGroup, region: str) -> Role:
        account = account_id()
        log_groups = pulumi.Output.concat("arn:aws:logs:", region, ":", account, ":log-group:*")
        return Role(
            self.name,
            service="vpc-flow-logs.amazonaws.com",
            trust_condition={"StringEquals": {"aws:SourceAccount": account}},
            statements=[
                allow(
                    "WriteFlows",
                    ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                    [pulumi.Output.concat(group.arn, ":*")],
                ),
                allow("FindLogGroup", ["logs:DescribeLogGroups"], [log_groups]),  # a list cannot be of one group only
            ],
            opts=self.owned(),
        )
