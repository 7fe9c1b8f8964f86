"""What runs, what starts it, and the images it runs."""

from typing import Final

from trackstack_infra.components.ci_permissions.permission import OURS, TAGGED_AS_OURS, Permission

_HOSTS: Final = " ".join(f"arn:aws:lightsail:{{region}}:{{account}}:{kind}/*" for kind in ("Instance", "KeyPair"))

COMPUTE: Final = (
    Permission(
        "Clusters",
        "compute",
        "ecs",
        "arn:aws:ecs:{region}:{account}:cluster/ts-* arn:aws:ecs:{region}:{account}:service/ts-* "
        "arn:aws:ecs:{region}:{account}:task-definition/* arn:aws:ecs:{region}:{account}:task/ts-*",
        reads="DescribeClusters DescribeServices DescribeTasks ListTagsForResource",
        changes="CreateCluster CreateService DeleteCluster DeleteService PutClusterCapacityProviders "
        "RegisterTaskDefinition RunTask StopTask TagResource UntagResource UpdateCluster UpdateService",
    ),
    Permission(
        "TaskDefinitions",
        "compute",
        "ecs",
        "*",  # ECS has no ARN for them in these calls
        reads="DescribeTaskDefinition ListAccountSettings",
        changes="DeregisterTaskDefinition PutAccountSettingDefault",
    ),
    Permission(
        "Functions",
        "compute",
        "lambda",
        "arn:aws:lambda:{region}:{account}:function:ts-*",
        reads="GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration "
        "GetFunctionEventInvokeConfig GetPolicy ListTags ListVersionsByFunction",
        changes="AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency "
        "DeleteFunctionEventInvokeConfig InvokeFunction PutFunctionConcurrency PutFunctionEventInvokeConfig "
        "RemovePermission TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
    ),
    Permission(
        "Balancers",
        "compute",
        "elasticloadbalancing",
        "*",  # Describe calls have no ARN
        reads="DescribeCapacityReservation DescribeListenerAttributes DescribeListeners "
        "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
    ),
    Permission(
        "OwnBalancers",
        "compute",
        "elasticloadbalancing",
        " ".join(
            "arn:aws:elasticloadbalancing:{region}:{account}:" + each
            for each in ("loadbalancer/app/ts-*", "targetgroup/ts-*", "listener/app/ts-*", "listener-rule/app/ts-*")
        ),
        changes="AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener "
        "DeleteLoadBalancer DeleteRule DeleteTargetGroup ModifyListener ModifyListenerAttributes "
        "ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags "
        "SetIpAddressType SetSecurityGroups SetSubnets",
    ),
    Permission(
        "Registry",
        "compute",
        "ecr",
        "arn:aws:ecr:{region}:{account}:repository/ts-*",
        reads="BatchCheckLayerAvailability BatchGetImage DescribeImages DescribeRepositories GetDownloadUrlForLayer "
        "GetLifecyclePolicy ListTagsForResource",
        changes="CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart",
    ),
    Permission("RegistryLogin", "compute", "ecr", "*", reads="GetAuthorizationToken"),  # has no ARN
    Permission(
        "Metrics",
        "compute",
        "cloudwatch",
        "arn:aws:cloudwatch:{region}:{account}:alarm:ts-*",
        reads="DescribeAlarms ListTagsForResource",
        changes="DeleteAlarms PutMetricAlarm TagResource UntagResource",
    ),
    Permission(
        "Rules",
        "compute",
        "events",
        "arn:aws:events:{region}:{account}:rule/ts-*",
        reads="DescribeRule ListTagsForResource ListTargetsByRule",
        changes="DeleteRule PutRule PutTargets RemoveTargets TagResource UntagResource",
    ),
    Permission(
        "Schedules",
        "compute",
        "scheduler",
        "arn:aws:scheduler:{region}:{account}:schedule/*/ts-* arn:aws:scheduler:{region}:{account}:schedule-group/ts-*",
        reads="GetSchedule GetScheduleGroup ListTagsForResource",
        changes="CreateSchedule CreateScheduleGroup DeleteSchedule DeleteScheduleGroup TagResource UntagResource "
        "UpdateSchedule",
    ),
    Permission(
        "Hosts",
        "compute",
        "lightsail",
        "*",  # ids are drawn by lot, and an address has neither ARN nor tag before it exists
        reads="GetInstance GetInstancePortStates GetInstances GetKeyPair GetStaticIp",
        changes="AllocateStaticIp",
    ),
    Permission(
        "NewHosts",
        "compute",
        "lightsail",
        "*",  # none before there is an instance
        changes="CreateInstances CreateKeyPair",
        condition=TAGGED_AS_OURS,
    ),
    Permission("TagsOfNewHosts", "compute", "lightsail", _HOSTS, changes="TagResource", condition=TAGGED_AS_OURS),
    Permission(
        "OwnHosts",
        "compute",
        "lightsail",
        _HOSTS,
        changes="AttachStaticIp DeleteInstance DeleteKeyPair PutInstancePublicPorts TagResource UntagResource",
        condition=OURS,
    ),
    Permission(
        "Addresses",
        "compute",
        "lightsail",
        "arn:aws:lightsail:{region}:{account}:StaticIp/*",  # they have no tags
        changes="AttachStaticIp DetachStaticIp ReleaseStaticIp",
    ),
)
