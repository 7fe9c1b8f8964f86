"""The permissions of GitHub's workflows in the account: one table, from which the CI roles follow.

By name where AWS lets a name be a limit (`ts-…`), by the tag `project` where ids are drawn by lot, and `*` only where
AWS knows no ARN. Sources: the service authorization reference, and the calls that the Pulumi provider makes.
"""

from typing import Final

from trackstack_infra.components.ci_permissions.compute import COMPUTE
from trackstack_infra.components.ci_permissions.data import DATA
from trackstack_infra.components.ci_permissions.edge import EDGE
from trackstack_infra.components.ci_permissions.network import NETWORK
from trackstack_infra.components.ci_permissions.permission import Group, Permission

__all__ = ["PERMISSIONS", "Group", "Permission"]

PERMISSIONS: Final = (
    *NETWORK,
    *COMPUTE,
    *DATA,
    *EDGE,
    Permission(
        "Roles",
        "identity",
        "iam",
        "arn:aws:iam::{account}:role/trackstack/ts-* arn:aws:iam::{account}:policy/trackstack/ts-*",
        reads="GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole "
        "ListRolePolicies",
    ),
)
