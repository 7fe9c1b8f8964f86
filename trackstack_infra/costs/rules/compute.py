"""Functions, schedules and machines."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.clock import runs_an_hour
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import (
    BEHAVIOUR,
    BY_USE,
    CHANGES,
    COPIES,
    KEY_CALLS,
    OTHER_PRICE,
    PLACE,
    RIGHTS,
)
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource

_INCLUDED_MIB: Final = 512  # https://aws.amazon.com/lambda/pricing/
_BURSTABLE: Final = ("t2.", "t3.", "t3a.", "t4g.")


def function(function: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its calls, how long they take at the memory it has, and disk above 512 MiB.

    How often it is called and for how long is stated by its component's name: `bridge.runs`, `bridge.seconds`.
    """
    if not context.running:
        return
    name = context.graph[function.parent].name if function.parent else function.name
    runs, seconds = f"{name}.runs", f"{name}.seconds"
    lasts = context.assumed(seconds)
    arm = "arm64" in (function.inputs.get("architectures") or ())
    memory = Decimal(function.inputs.get("memorySize", 128)) / 1024
    yield Meter(price="lambda.request", billing=Billing.BY_USE, usage=runs)
    yield Meter(
        price=f"lambda.{'arm' if arm else 'x86'}.gb_second",
        count=lasts * memory,
        billing=Billing.BY_USE,
        usage=runs,
        assumes=(seconds,),
    )
    disk = Decimal((function.inputs.get("ephemeralStorage") or {}).get("size", _INCLUDED_MIB)) - _INCLUDED_MIB
    if disk > 0:
        yield Meter(
            price="lambda.ephemeral_gb_second",
            count=lasts * disk / 1024,
            billing=Billing.BY_USE,
            usage=runs,
            assumes=(seconds,),
            note=f"above the {_INCLUDED_MIB} MiB included in every function",
        )


def schedule(schedule: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its invocations, as often as its expression says."""
    each_hour = runs_an_hour(schedule.inputs["scheduleExpression"])
    yield Meter(price="scheduler.invocation", count=each_hour, billing=Billing.EACH_HOUR)


def instance(instance: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its hours and its root disk; an elastic address is the Eip's line."""
    inputs = instance.inputs
    kind, disk = str(inputs.get("instanceType")), inputs.get("rootBlockDevice") or {}
    if kind.startswith(_BURSTABLE) and (inputs.get("creditSpecification") or {}).get("cpuCredits") != "standard":
        raise CannotPrice(f"CPU credits of a {kind} are unlimited unless set to standard, and surplus ones are billed")
    if not ("volumeType" in disk and "volumeSize" in disk):
        raise CannotPrice("rootBlockDevice lacks volumeType or volumeSize, so its image decides what disk it has")
    yield Meter(price=f"ec2.{kind}_hour", billing=Billing.BY_SECOND, note="as Linux")
    yield Meter(
        price=f"ebs.{disk['volumeType']}_gb_month",
        count=Decimal(disk["volumeSize"]),
        billing=Billing.PART_OF_MONTH,
        implied="the instance has a root volume, which is deleted with it",
    )
    if why := _public_address(instance, context):
        yield Meter(price="ipv4.hour", billing=Billing.BY_SECOND, implied=why)


def _public_address(instance: Resource, context: BillingContext) -> str:
    """Why it has a public IPv4 address of its own; empty if it has none. An Eip takes the place of one."""
    if any(each.inputs.get("instance") == instance.outputs.get("id", "") for each in context.graph.all(_EIP)):
        return ""
    asked = instance.inputs.get("associatePublicIpAddress")
    if asked is not None:
        return "the instance has a public IPv4 address" if asked else ""
    subnet = context.by_output("aws:ec2/subnet:Subnet", "id", instance.inputs.get("subnetId"))
    given = subnet.inputs.get("mapPublicIpOnLaunch")
    return f"the subnet {subnet.name} gives each instance a public IPv4 address" if given else ""


def lightsail(host: Resource, context: BillingContext) -> Iterator[Meter]:
    """A bundle by the hour up to its price of a month, until it is deleted; stopping it saves nothing."""
    yield Meter(price=f"lightsail.bundle.{host.inputs['bundleId']}_month", billing=Billing.HOURLY_UP_TO_MONTH)


_EIP: Final = "aws:ec2/eip:Eip"
_FUNCTION = Inputs(
    reads="architectures memorySize ephemeralStorage ephemeralStorage.size",
    neutral={
        BEHAVIOUR: "code codeSha256 codeSigningConfigArn environment handler imageConfig imageUri layers packageType"
        " runtime s3Bucket s3Key s3ObjectVersion sourceCodeHash reservedConcurrentExecutions",
        BY_USE: "deadLetterConfig fileSystemConfig loggingConfig timeout",
        CHANGES: "publish publishTo replaceSecurityGroupsOnDestroy replacementSecurityGroupIds skipDestroy"
        " useResourceTimeoutForPropagation",
        PLACE: "vpcConfig",
        RIGHTS: "role",
    },
    unpriced={
        OTHER_PRICE: "capacityProviderConfig durableConfig snapStart tenancyConfig",
        "writes traces": "tracingConfig.mode=PassThrough",
        KEY_CALLS: "kmsKeyArn sourceKmsKeyArn",
    },
)
_SCHEDULE = Inputs(
    reads="scheduleExpression",
    neutral={
        BEHAVIOUR: "actionAfterCompletion flexibleTimeWindow groupName scheduleExpressionTimezone",
        "what it calls is billed as such": "target.arn target.deadLetterConfig target.input target.roleArn"
        " target.retryPolicy target.sqsParameters target.eventbridgeParameters target.kinesisParameters",
    },
    unpriced={
        "limits when it comes due": "endDate startDate state=ENABLED",
        "starts tasks or pipelines, which are billed": "target.ecsParameters target.sagemakerPipelineParameters",
        KEY_CALLS: "kmsKeyArn",
    },
)
_INSTANCE = Inputs(
    reads="instanceType associatePublicIpAddress subnetId creditSpecification creditSpecification.cpuCredits"
    " rootBlockDevice rootBlockDevice.volumeSize rootBlockDevice.volumeType",
    neutral={
        PLACE: "availabilityZone enablePrimaryIpv6 ipv6AddressCount ipv6Addresses placementGroup placementGroupId"
        " placementPartitionNumber privateDnsNameOptions privateIp secondaryPrivateIps securityGroups sourceDestCheck"
        " vpcSecurityGroupIds",
        BEHAVIOUR: "cpuOptions enclaveOptions ephemeralBlockDevices getPasswordData keyName maintenanceOptions"
        " metadataOptions userData userDataBase64 rootBlockDevice.deviceName",
        CHANGES: "disableApiStop disableApiTermination forceDestroy instanceInitiatedShutdownBehavior"
        " userDataReplaceOnChange",
        RIGHTS: "iamInstanceProfile",
        "priced as Linux without a licence, as the line says": "ami",
        "disks cost the same encrypted and named": "rootBlockDevice.encrypted rootBlockDevice.tags"
        " rootBlockDevice.tagsAll rootBlockDevice.volumeId volumeTags",
    },
    unpriced={
        OTHER_PRICE: "capacityReservationSpecification ebsOptimized hibernation instanceMarketOptions"
        " monitoring tenancy=default",
        "puts it on a machine of one's own": "hostId hostResourceGroupArn",
        "adds disks": "ebsBlockDevices",
        "reserves more of the disk than its price includes": "rootBlockDevice.iops=3000 rootBlockDevice.throughput=125",
        "leaves the disk behind": "rootBlockDevice.deleteOnTermination=true",
        "takes what it is from elsewhere": "launchTemplate networkInterfaces primaryNetworkInterface"
        " secondaryNetworkInterfaces",
        KEY_CALLS: "rootBlockDevice.kmsKeyId",
    },
)
_LIGHTSAIL = Inputs(
    reads="bundleId",
    neutral={PLACE: "availabilityZone ipAddressType", BEHAVIOUR: "blueprintId keyPairName userData"},
    unpriced={COPIES: "addOn"},
)

RULES: dict[str, Rule] = {
    "aws:lambda/function:Function": Rule(function, _FUNCTION),
    "aws:scheduler/schedule:Schedule": Rule(schedule, _SCHEDULE),
    "aws:ec2/instance:Instance": Rule(instance, _INSTANCE),
    "aws:lightsail/instance:Instance": Rule(lightsail, _LIGHTSAIL),
}
