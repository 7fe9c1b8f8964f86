"""Databases, and secrets with their keys."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs, below
from trackstack_infra.costs.rules.reasons import (
    BEHAVIOUR,
    CHANGES,
    COPIES,
    ELSEWHERE,
    KEY_CALLS,
    LOGS,
    OTHER_PRICE,
    PLACE,
    RIGHTS,
)
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource

_RDS: Final = "aws:rds/instance:Instance"
_SECRETS: Final = "aws:secretsmanager/secret:Secret"


def table(table: Resource, context: BillingContext) -> Iterator[Meter]:
    """Capacity by the hour, used or not, where it is reserved, for the table and each index; and what lies in it."""
    share = context.share(table.type)
    indexes = table.inputs.get("globalSecondaryIndexes") or ()
    if table.inputs.get("billingMode", "PROVISIONED") == "PROVISIONED":
        for unit, capacity in (("wcu", "writeCapacity"), ("rcu", "readCapacity")):
            reserved = [each.get(capacity) for each in (table.inputs, *indexes)]
            if None in reserved:
                raise CannotPrice(f"{capacity} of the table or of one of its indexes is not set")
            note = f"the table and {len(indexes)} of its indexes" if indexes else ""
            units = sum((Decimal(str(each)) for each in reserved), Decimal(0))
            yield Meter(price=f"dynamodb.{unit}_hour", count=units, billing=Billing.EACH_HOUR, note=note)
    elif indexes:
        raise CannotPrice("a write on demand counts again in each index that it changes, and nothing is stated of that")
    else:
        for kind in ("write", "read"):
            yield Meter(price=f"dynamodb.{kind}", count=share, billing=Billing.BY_USE, usage=f"dynamodb.{kind}s")
    yield Meter(price="dynamodb.gb_month", count=share, billing=Billing.PART_OF_MONTH, usage="dynamodb.gb")


def relational(database: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its hours, its disk, and the secret that RDS makes for its master's password; its backups are no larger."""
    inputs = database.inputs
    if missing := [each for each in ("engine", "instanceClass", "allocatedStorage") if not inputs.get(each)]:
        raise CannotPrice(f"{', '.join(missing)} is not set, and so is that of what it is made from")
    machines = Decimal(2 if inputs.get("multiAz") else 1)
    size = str(inputs["instanceClass"]).removeprefix("db.")
    yield Meter(price=f"rds.{inputs['engine']}.{size}_hour", count=machines, billing=Billing.BY_SECOND)
    yield Meter(
        price=f"rds.{inputs.get('storageType', 'gp2')}_gb_month",
        count=machines * Decimal(inputs["allocatedStorage"]),
        billing=Billing.PART_OF_MONTH,
    )
    if inputs.get("manageMasterUserPassword"):
        why = "RDS stores the master password in a secret"
        yield Meter(price="secrets.month", billing=Billing.PART_OF_MONTH, implied=why)
        yield _calls_of_secrets(context)


def secret(secret: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists, and by the calls that read it."""
    yield Meter(price="secrets.month", billing=Billing.PART_OF_MONTH)
    yield _calls_of_secrets(context)


def _calls_of_secrets(context: BillingContext) -> Meter:
    managed = (each.inputs.get("manageMasterUserPassword") for each in context.graph.all(_RDS))
    secrets = len(context.graph.all(_SECRETS)) + sum(1 for each in managed if each)
    return Meter(price="secrets.call", count=Decimal(1) / secrets, billing=Billing.BY_USE, usage="secrets.calls")


def key(key: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists, and by its calls; AWS's own keys cost nothing and are no resources."""
    yield Meter(price="kms.key_month", billing=Billing.PART_OF_MONTH)
    yield Meter(price="kms.request", count=context.share(key.type), billing=Billing.BY_USE, usage="kms.requests")


def parameter(parameter: Resource, context: BillingContext) -> Iterator[Meter]:
    """Advanced ones cost by the month."""
    if parameter.inputs.get("tier", "Standard") != "Standard":
        yield Meter(price="ssm.advanced_month", billing=Billing.PART_OF_MONTH)


_TABLE = Inputs(
    reads="billingMode readCapacity writeCapacity globalSecondaryIndexes "
    + below("globalSecondaryIndexes", "readCapacity writeCapacity"),
    neutral={
        BEHAVIOUR: "attributes hashKey rangeKey localSecondaryIndexes onDemandThroughput ttl "
        + below(
            "globalSecondaryIndexes",
            "hashKey keySchemas name nonKeyAttributes onDemandThroughput projectionType rangeKey",
        ),
        CHANGES: "deletionProtectionEnabled",
    },
    unpriced={
        COPIES: "globalTableWitness pointInTimeRecovery.enabled pointInTimeRecovery.recoveryPeriodInDays replicas",
        "is billed by gigabyte once": "importTable restoreBackupArn restoreDateTime restoreSourceName"
        " restoreSourceTableArn restoreToLatestTime",
        "is billed by read": "streamEnabled streamViewType",
        "is billed once": "warmThroughput globalSecondaryIndexes.warmThroughput",
        OTHER_PRICE: "tableClass=STANDARD",
        KEY_CALLS: "serverSideEncryption",
    },
)
_RELATIONAL = Inputs(
    reads="allocatedStorage engine instanceClass manageMasterUserPassword multiAz storageType",
    neutral={
        PLACE: "availabilityZone dbSubnetGroupName networkType port vpcSecurityGroupIds",
        BEHAVIOUR: "autoMinorVersionUpgrade backupWindow caCertIdentifier characterSetName copyTagsToSnapshot dbName"
        " domain domainAuthSecretArn domainDnsIps domainFqdn domainIamRoleName domainOu engineVersion identifier"
        " identifierPrefix maintenanceWindow ncharCharacterSetName optionGroupName parameterGroupName storageEncrypted"
        " timezone warningEventCategories",
        CHANGES: "allowMajorVersionUpgrade applyImmediately deleteAutomatedBackups deletionProtection"
        " finalSnapshotIdentifier skipFinalSnapshot",
        RIGHTS: "iamDatabaseAuthenticationEnabled password passwordWo passwordWoVersion username",
        "backups up to the size of the database are free": "backupRetentionPeriod",
    },
    unpriced={
        "has a public IPv4 address, or one for each zone": "publiclyAccessible",
        "puts it outside of the region's zones": "backupTarget=region customIamInstanceProfile customerOwnedIpEnabled",
        "runs a second one while it changes": "blueGreenUpdate.enabled",
        "adds a licence or old engines' support to the price": "licenseModel=postgresql-license"
        " engineLifecycleSupport=open-source-rds-extended-support-disabled",
        "reserves more of the disk than its price includes": "dedicatedLogVolume iops storageThroughput"
        " upgradeStorageConfig",
        "lets the disk grow": "maxAllocatedStorage",
        ELSEWHERE: "replicaMode replicateSourceDb restoreToPointInTime s3Import snapshotIdentifier",
        LOGS: "enabledCloudwatchLogsExports monitoringInterval monitoringRoleArn",
        OTHER_PRICE: "databaseInsightsMode=standard performanceInsightsEnabled performanceInsightsRetentionPeriod=7",
        KEY_CALLS: "kmsKeyId masterUserSecretKmsKeyId performanceInsightsKmsKeyId",
    },
)
_SECRET = Inputs(
    neutral={BEHAVIOUR: "type", CHANGES: "forceOverwriteReplicaSecret recoveryWindowInDays", RIGHTS: "policy"},
    unpriced={COPIES: "replicas", KEY_CALLS: "kmsKeyId"},
)
_KEY = Inputs(
    neutral={
        BEHAVIOUR: "customerMasterKeySpec isEnabled keyUsage",
        CHANGES: "deletionWindowInDays",
        RIGHTS: "bypassPolicyLockoutSafetyCheck policy",
        "each replica is billed as a key": "multiRegion",
    },
    unpriced={
        "lies in a store that is billed": "customKeyStoreId xksKeyId",
        "keeps old material, which is billed as a key": "enableKeyRotation rotationPeriodInDays",
    },
)
_PARAMETER = Inputs(
    reads="tier",
    neutral={
        BEHAVIOUR: "allowedPattern arn dataType insecureValue type value valueWo valueWoVersion",
        CHANGES: "overwrite",
    },
    unpriced={KEY_CALLS: "keyId=alias/aws/ssm"},
)

RULES: dict[str, Rule] = {
    "aws:dynamodb/table:Table": Rule(table, _TABLE),
    _RDS: Rule(relational, _RELATIONAL),
    _SECRETS: Rule(secret, _SECRET),
    "aws:kms/key:Key": Rule(key, _KEY),
    "aws:ssm/parameter:Parameter": Rule(parameter, _PARAMETER),
}
