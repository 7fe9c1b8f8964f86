"""An IAM role that one AWS service takes on, able to do the statements it was made of and nothing else."""

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.boundary import ROLE_PATH, boundary_arn
from trackstack_infra.components.iam_policy import Statement, document, trust


class Role(Component):
    """A role with one inline policy, so that nothing else can change what it may do, within the common boundary.

    `bounded` is False only for what foundation needs beyond it: nobody but an administrator creates such a role.
    """

    def __init__(
        self,
        name: str,
        *,
        service: str,
        statements: Sequence[Statement],
        trust_condition: Any = None,
        bounded: bool = True,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.role = aws.iam.Role(
            self.child("role"),
            name=self.physical(name),
            path=ROLE_PATH,
            permissions_boundary=boundary_arn() if bounded else None,
            assume_role_policy=trust(service, trust_condition),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        self.policy = aws.iam.RolePolicy(
            self.child("policy"), role=self.role.name, policy=document(*statements), opts=self.owned()
        )
        self.arn = self.role.arn
        self.register_outputs({"arn": self.arn})
