"""Who GitHub's workflows are in this account: nobody, until the settings name one repository."""

from collections.abc import Sequence
from typing import Any, Final

import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.boundary import ROLE_PATH
from trackstack_infra.components.ci_permissions import roles
from trackstack_infra.components.iam_policy import Statement, document
from trackstack_infra.settings.groups import GithubSettings

HOST: Final = "token.actions.githubusercontent.com"
AUDIENCE: Final = "sts.amazonaws.com"
SESSION_S: Final = 3600
DEPLOY_ENVIRONMENT: Final = "enterprise-auto"
JANITOR_ENVIRONMENT: Final = "janitor"
PULL_REQUEST: Final = "pull_request"


def subjects(github: GithubSettings, context: str) -> list[str]:
    """The `sub` of a workflow's token, in the spelling of repositories made before 2026-07-15 and in the one since."""
    old = f"repo:{github.owner}/{github.repository}:{context}"
    new = f"repo:{github.owner}@{github.owner_id}/{github.repository}@{github.repository_id}:{context}"
    return [old, new]


class Github(Component):
    """GitHub as a provider of identities, and three roles: look, deploy, clean up."""

    def __init__(self, name: str, *, github: GithubSettings, region: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self._github = github
        # No thumbprints: AWS trusts GitHub's certificate by the authorities that signed it.
        self.provider = aws.iam.OpenIdConnectProvider(
            self.child("provider"),
            url=f"https://{HOST}",
            client_id_lists=[AUDIENCE],
            tags=self.tags(),
            opts=self.owned(),
        )
        place = roles.Place(region, account_id())
        self.boundary = self._policy("boundary", "The most that a workflow on GitHub can do", roles.boundary(place))
        self.preview = self._role("preview", PULL_REQUEST)
        self._may(self.preview, "preview", roles.may_look(place))
        self.deploy = self._role("deploy", f"environment:{DEPLOY_ENVIRONMENT}", ref=True)
        self._may(self.deploy, "deploy", roles.may_deploy(place))
        self.janitor = self._role("janitor", f"environment:{JANITOR_ENVIRONMENT}", ref=True)
        self._may(self.janitor, "janitor", [roles.may_clean_up(place)])
        self.register_outputs({"deploy_role_arn": self.deploy.arn})

    def _role(self, name: str, context: str, *, ref: bool = False) -> aws.iam.Role:
        return aws.iam.Role(
            self.child(f"{name}-role"),
            name=self.physical(self.name, name),
            path=ROLE_PATH,
            permissions_boundary=self.boundary.arn,
            max_session_duration=SESSION_S,
            assume_role_policy=document(self._trust(context, ref)),
            # The budget's action attaches a policy by itself: it must not keep the role from being deleted.
            force_detach_policies=True,
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _trust(self, context: str, ref: bool) -> Statement:
        """`ref` for what only the main branch may do: an environment's own rule can be clicked away."""
        claims: dict[str, Any] = {
            "aud": AUDIENCE,
            "sub": subjects(self._github, context),
            # Names can be given up and taken by others, numbers cannot.
            "repository_id": str(self._github.repository_id),
            "repository_owner_id": str(self._github.owner_id),
        }
        if ref:
            claims["ref"] = f"refs/heads/{self._github.branch}"
        return {
            "Sid": "WorkflowsOfOneRepository",
            "Effect": "Allow",
            "Principal": {"Federated": self.provider.arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{HOST}:{claim}": value for claim, value in claims.items()}},
        }

    def _may(self, role: aws.iam.Role, name: str, policies: Sequence[Sequence[Statement]]) -> None:
        """Managed policies, as the sum of a role's inline ones may not exceed 10,240 characters."""
        for index, statements in enumerate(policies, start=1):
            part = name if len(policies) == 1 else f"{name}-{index}"
            policy = self._policy(part, f"What the role {name} may do", statements)
            aws.iam.RolePolicyAttachment(
                self.child(f"{part}-attachment"), role=role.name, policy_arn=policy.arn, opts=self.owned()
            )

    def _policy(self, part: str, description: str, statements: Sequence[Statement]) -> aws.iam.Policy:
        return aws.iam.Policy(
            self.child(f"{part}-policy"),
            name=self.physical(self.name, part),
            path=ROLE_PATH,
            description=description,
            policy=document(*statements),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
