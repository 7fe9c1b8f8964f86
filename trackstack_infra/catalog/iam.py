"""IAM: roles and policies."""

from typing import Final

from trackstack_infra.catalog.fidelity import PERMISSIONS
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType, Terraform

_ARN: Final = "arn:aws:iam::{account}:"
_IAM: Final = "IAM costs nothing"

TYPES: Final = (
    ResourceType(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        drawn=Drawn("OIDC roles", Family.ACCESS, rank=180),
        fidelity=PERMISSIONS,
        outputs={"id": _ARN + "oidc-provider/token.actions.githubusercontent.com", "arn": "{id}"},
        terraform=Terraform("aws_iam_openid_connect_provider"),
        free=_IAM,
    ),
    ResourceType(
        "aws:iam/policy:Policy",
        name=Name("name", r"[\w+=,.@-]{1,128}"),
        fidelity=PERMISSIONS,
        outputs={"id": _ARN + "policy{path}{name}", "arn": "{id}", "policyId": "ANPA{hex}"},
        free=_IAM,
    ),
    ResourceType(
        "aws:iam/role:Role",
        name=Name("name", r"[\w+=,.@-]{1,64}"),
        fidelity=PERMISSIONS,
        outputs={"id": "{name}", "arn": _ARN + "role{path}{name}", "uniqueId": "AROA{hex}"},
        free=_IAM,
        shown=("name",),
    ),
    ResourceType("aws:iam/rolePolicy:RolePolicy", tags=False, fidelity=PERMISSIONS, free=_IAM, shown=("role",)),
    ResourceType("aws:iam/rolePolicyAttachment:RolePolicyAttachment", tags=False, fidelity=PERMISSIONS, free=_IAM),
)
