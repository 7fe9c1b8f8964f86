"""EC2: security groups, and their rules as resources of their own."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.ec2_kind import ec2_kind, ec2_tags, nothing
from trackstack_infra.local.provider.handler import Outputs, unless_gone
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import shaped, tags

# The one rule that AWS puts into a new group.
_EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def _without_rules(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    """Take AWS's own rule out of a new group, as Terraform does."""
    _refuse_inline_rules(new)
    if not old:
        # Not there in a group that is taken over from an interrupted run.
        unless_gone(lambda: client.revoke_security_group_egress(GroupId=ref, IpPermissions=[_EVERYTHING]))


def _refuse_inline_rules(new: Inputs) -> None:
    for direction in ("ingress", "egress"):
        if new.get(direction):
            raise ValueError(
                f"{direction}: the local provider takes rules as resources of their own, not inside a group"
            )


SECURITY_GROUP = ec2_kind(
    "aws:ec2/securityGroup:SecurityGroup",
    kind="security-group",
    one="",
    many="SecurityGroups",
    id_key="GroupId",
    create="CreateSecurityGroup",
    describe="DescribeSecurityGroups",
    delete="DeleteSecurityGroup",
    filters={"group-name": "name", "vpc-id": "vpcId"},
    fixed="name description vpcId",
    changes="ingress egress revokeRulesOnDelete",
    shown={"arn": "Arn", "ownerId": "OwnerId", "name": "GroupName", "description": "Description"},
    before=lambda inputs: {
        "GroupName": inputs["name"],
        # Terraform's words, since AWS insists on some.
        "Description": inputs.get("description") or "Managed by Pulumi",
    },
    after=_without_rules,
    name_property="name",
)


def _default_group(client: Client, ref: str, inputs: Inputs) -> Found | None:
    wanted = {"vpc-id": inputs["vpcId"], "group-name": "default"}
    filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
    found: list[Found] = client.describe_security_groups(Filters=filters)["SecurityGroups"]
    return found[0] if found else None


def _close(client: Client, found: Found) -> None:
    if found.get("IpPermissionsEgress"):
        client.revoke_security_group_egress(GroupId=found["GroupId"], IpPermissions=found["IpPermissionsEgress"])
    if found.get("IpPermissions"):
        client.revoke_security_group_ingress(GroupId=found["GroupId"], IpPermissions=found["IpPermissions"])


def _close_if_taken_over(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    """The group is there with its VPC, so a run that was killed here is found even if it had not closed it yet."""
    _refuse_inline_rules(new)
    found = _default_group(client, ref, new)
    if not old and found is not None:
        _close(client, found)


def _take_default_group(client: Client, inputs: Inputs) -> Found:
    _refuse_inline_rules(inputs)
    found = _default_group(client, "", inputs)
    if found is None:
        raise ValueError(f"vpcId: {inputs['vpcId']} has no default security group")
    _close(client, found)
    if inputs.get("tags"):
        client.create_tags(Resources=[found["GroupId"]], Tags=shaped(inputs["tags"], "Key"))
    return found


DEFAULT_SECURITY_GROUP = Recipe(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    service="ec2",
    fixed="vpcId",
    changes="ingress egress revokeRulesOnDelete",
    make=_take_default_group,
    look=_default_group,
    identify="GroupId",
    shown={"arn": "SecurityGroupArn", "ownerId": "OwnerId", "name": "GroupName", "description": "Description"},
    change=_close_if_taken_over,
    remove=lambda client, ref, outputs: None,  # it goes with its VPC
    search=lambda client, inputs: _default_group(client, "", inputs),
    tagging=ec2_tags,
)

_RULE_INPUTS = (
    "securityGroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId description"
)


def _permission(inputs: Inputs) -> dict[str, Any]:
    about = {"Description": inputs["description"]} if inputs.get("description") else {}
    ends = {
        "cidrIpv4": ("IpRanges", "CidrIp"),
        "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
        "prefixListId": ("PrefixListIds", "PrefixListId"),
        "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    }
    ours, (group, key) = next((ours, keys) for ours, keys in ends.items() if inputs.get(ours))
    ports = {aws: int(inputs[ours]) for ours, aws in (("fromPort", "FromPort"), ("toPort", "ToPort")) if ours in inputs}
    return {"IpProtocol": inputs["ipProtocol"], **ports, group: [{key: inputs[ours], **about}]}


def _rule(token: str, direction: str) -> Recipe:
    egress = direction == "egress"

    def make(client: Client, inputs: Inputs) -> Found:
        marked = tags(inputs)
        specification = (
            {"TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": marked}]} if marked else {}
        )
        authorize = getattr(client, f"authorize_security_group_{direction}")
        answer = authorize(GroupId=inputs["securityGroupId"], IpPermissions=[_permission(inputs)], **specification)
        return complete(client, answer["SecurityGroupRules"][0])

    def complete(client: Client, found: Found) -> Found:
        owner = found.get("GroupOwnerId", "")
        arn = f"arn:aws:ec2:{client.meta.region_name}:{owner}:security-group-rule/{found['SecurityGroupRuleId']}"
        return {**found, "Arn": arn}

    def look(client: Client, ref: str, inputs: Inputs) -> Found | None:
        found = client.describe_security_group_rules(SecurityGroupRuleIds=[ref])["SecurityGroupRules"]
        return complete(client, found[0]) if found else None

    def search(client: Client, inputs: Inputs) -> Found | None:
        of_group = [{"Name": "group-id", "Values": [inputs["securityGroupId"]]}]
        for found in client.describe_security_group_rules(Filters=of_group)["SecurityGroupRules"]:
            if found["IsEgress"] == egress and _says(found) == _says_inputs(inputs):
                return complete(client, found)
        return None

    def remove(client: Client, ref: str, outputs: Outputs) -> None:
        revoke = getattr(client, f"revoke_security_group_{direction}")
        revoke(GroupId=outputs["securityGroupId"], SecurityGroupRuleIds=[ref])

    return Recipe(
        token,
        service="ec2",
        fixed=_RULE_INPUTS,
        make=make,
        look=look,
        identify="SecurityGroupRuleId",
        shown={"arn": "Arn", "securityGroupRuleId": "SecurityGroupRuleId"},
        change=nothing,
        remove=remove,
        search=search,
        tagging=ec2_tags,
        deletes_first=True,  # a group does not take the same rule twice
    )


def _says(found: Found) -> tuple[object, ...]:
    other = found.get("CidrIpv4") or found.get("CidrIpv6") or found.get("PrefixListId")
    other = other or found.get("ReferencedGroupInfo", {}).get("GroupId")
    return found["IpProtocol"], found.get("FromPort"), found.get("ToPort"), other


def _says_inputs(inputs: Inputs) -> tuple[object, ...]:
    ends = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    other = next(inputs[end] for end in ends if inputs.get(end))
    ports = [None if inputs.get(port) is None else int(inputs[port]) for port in ("fromPort", "toPort")]
    return inputs["ipProtocol"], *ports, other


RECIPES = (
    SECURITY_GROUP,
    DEFAULT_SECURITY_GROUP,
    _rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"),
    _rule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"),
)
