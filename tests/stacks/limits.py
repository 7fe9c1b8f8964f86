"""Which property names a resource, and which names AWS accepts."""

from typing import Final

from trackstack_infra.policy.naming import NAMED

# Beside those of the policy: their names are others' domains, or need not tell stack and part.
NAMED_BY: Final = {
    **NAMED,
    "aws:cloudwatch/eventTarget:EventTarget": "targetId",
    "aws:cognito/userPoolDomain:UserPoolDomain": "domain",
    "aws:ecr/repository:Repository": "name",
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": "name",
    "aws:servicediscovery/service:Service": "name",
}
# Type -> what AWS accepts as its name, from the services' API references.
ACCEPTED: Final = {
    "aws:lb/loadBalancer:LoadBalancer": r"(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?",
    "aws:lb/targetGroup:TargetGroup": r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?",
    "aws:sqs/queue:Queue": r"[\w-]{1,80}",
    "aws:sns/topic:Topic": r"[\w-]{1,256}",
    "aws:budgets/budget:Budget": r"(?!.*/action/)[^:\\]{1,100}",
    "aws:ecr/repository:Repository": r"(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*",
    "aws:iam/policy:Policy": r"[\w+=,.@-]{1,128}",
    "aws:iam/role:Role": r"[\w+=,.@-]{1,64}",
    "aws:lambda/function:Function": r"[\w-]{1,64}",
    "aws:ecs/cluster:Cluster": r"[\w-]{1,255}",
    "aws:ecs/service:Service": r"[\w-]{1,255}",
    "aws:ecs/taskDefinition:TaskDefinition": r"[\w-]{1,255}",
    "aws:ec2/securityGroup:SecurityGroup": r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]{1,255}",
    "aws:cloudwatch/logGroup:LogGroup": r"[\w./#-]{1,512}",
    "aws:dynamodb/table:Table": r"[\w.-]{3,255}",
    "aws:efs/fileSystem:FileSystem": r".{1,64}",
    "aws:apigatewayv2/api:Api": r".{1,128}",
    "aws:apigatewayv2/vpcLink:VpcLink": r".{1,128}",
    "aws:cloudfront/originAccessControl:OriginAccessControl": r".{1,64}",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": r"[\w-]{1,128}",
    "aws:cloudfront/function:Function": r"[\w-]{1,64}",
    "aws:ssm/parameter:Parameter": r"/[\w./-]{1,1010}",
    "aws:cloudwatch/eventRule:EventRule": r"[\w.-]{1,64}",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": r"[^:*]{1,512}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": r"[ -~]{1,255}",
    "aws:lightsail/instance:Instance": r"(?!\d)[\w-]{2,255}",
    "aws:rds/instance:Instance": r"(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]",
    "aws:rds/parameterGroup:ParameterGroup": r"(?!.*--)[a-z][a-z0-9-]{0,253}[a-z0-9]",
    "aws:rds/subnetGroup:SubnetGroup": r"[a-z0-9 ._-]{1,255}",
    "aws:cloudwatch/eventTarget:EventTarget": r"[\w.-]{1,64}",
    "aws:scheduler/scheduleGroup:ScheduleGroup": r"[\w.-]{1,64}",
    "aws:scheduler/schedule:Schedule": r"[\w.-]{1,64}",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": r"[!-~]{1,253}",
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": r"[!-~]{1,253}",
    "aws:servicediscovery/service:Service": r"[\w-]{1,63}",
    "aws:cognito/userPool:UserPool": r"[\w\s+=,.@-]{1,128}",
    "aws:cognito/userPoolDomain:UserPoolDomain": r"(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
}
