"""What AWS's answers look like, as templates: of a type in general, of data functions, and other stacks' outputs."""

from collections.abc import Mapping
from typing import Final

ACCOUNT: Final = "123456789012"

# Outputs of a type for which the catalog has none of its own. Fields as there (catalog/resource_type.py), and {service}
# and {kind}, both of the type's token.
OTHER: Final[Mapping[str, str]] = {
    "id": "{name}",
    "arn": "arn:aws:{service}:{region}:{account}:{kind}/{name}",
    "url": "https://{service}.{region}.amazonaws.com/{name}",
    "dnsName": "{name}.{service}.{region}.amazonaws.com",
}

# Output name -> value, for references to a stack whose outputs nobody passed.
REFERENCES: Final[Mapping[str, str]] = {
    "backup_bucket": "backups-0a1b2c3",
    "user_pool_id": "{region}_0A1b2C3d4",
    "user_pool_client_id": "4a5b6c7d8e9f0a1b2c3d4e5f6a",
    "user_pool_issuer": "https://cognito-idp.{region}.amazonaws.com/{region}_0A1b2C3d4",
    "user_pool_domain": "trackstack",
    "lease_table": "ts-foundation-leases",
    "registry": "{account}.dkr.ecr.{region}.amazonaws.com",
    "alerts_topic_arn": "arn:aws:sns:{region}:{account}:ts-foundation-alerts",
}

FUNCTIONS: Final[Mapping[str, Mapping[str, str | tuple[str, ...]]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "id": "{account}",
        "accountId": "{account}",
        "arn": "arn:aws:iam::{account}:user/recorder",
        "userId": "AIDA0123456789ABCDEFG",
    },
    "aws:index/getRegion:getRegion": {"id": "{region}", "name": "{region}", "region": "{region}"},
    "aws:index/getPartition:getPartition": {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {
        "id": "pl-0a1b2c3d4e5f60718",
        "arn": "arn:aws:ec2:{region}:aws:prefix-list/pl-0a1b2c3d4e5f60718",
        "addressFamily": "IPv6",
        "ownerId": "AWS",
    },
    "aws:route53/getZone:getZone": {
        "id": "Z0A1B2C3D4E5F6",
        "zoneId": "Z0A1B2C3D4E5F6",
        "nameServers": ("ns-1.awsdns-00.org", "ns-2.awsdns-00.net"),
    },
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {
        "id": "password",
        "randomPassword": "0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d",
    },
    "aws:ssm/getParameter:getParameter": {
        "id": "parameter",
        "type": "String",
        "value": "ami-0a1b2c3d4e5f60718",
        "insecureValue": "ami-0a1b2c3d4e5f60718",
    },
}
