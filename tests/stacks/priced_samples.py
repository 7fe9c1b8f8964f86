"""One resource of each priced type, as small as its rule takes it: what tests of all types start from."""

from collections.abc import Mapping
from typing import Any, Final

NAT: Final = "aws:ec2/natGateway:NatGateway"
SERVICE: Final = "aws:ecs/service:Service"
TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"

SAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:apigatewayv2/api:Api": {"protocolType": "HTTP"},
    "aws:budgets/budgetAction:BudgetAction": {"budgetName": "b"},
    "aws:cloudfront/distribution:Distribution": {},
    "aws:cloudfront/function:Function": {},
    "aws:cloudwatch/dashboard:Dashboard": {},
    "aws:cloudwatch/logGroup:LogGroup": {},
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": {},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"period": 60},
    "aws:cognito/userPool:UserPool": {},
    "aws:dynamodb/table:Table": {"billingMode": "PROVISIONED", "readCapacity": 1, "writeCapacity": 1},
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": {},
    "aws:ec2/eip:Eip": {},
    "aws:ec2/instance:Instance": {
        "instanceType": "t4g.nano",
        "associatePublicIpAddress": False,
        "creditSpecification": {"cpuCredits": "standard"},
        "rootBlockDevice": {"volumeType": "gp3", "volumeSize": 8},
    },
    "aws:ec2/internetGateway:InternetGateway": {},
    NAT: {},
    "aws:ec2/vpc:Vpc": {},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcEndpointType": "Interface", "subnetIds": ["a", "b"]},
    "aws:ecr/repository:Repository": {},
    "aws:ecs/cluster:Cluster": {},
    SERVICE: {"taskDefinition": "task:1", "desiredCount": 1, "launchType": "FARGATE"},
    "aws:efs/backupPolicy:BackupPolicy": {"backupPolicy": {"status": "ENABLED"}},
    "aws:efs/fileSystem:FileSystem": {},
    "aws:kms/key:Key": {},
    "aws:lambda/function:Function": {},
    "aws:lb/loadBalancer:LoadBalancer": {"internal": True},
    "aws:lightsail/instance:Instance": {"bundleId": "small_3_0"},
    "aws:rds/instance:Instance": {
        "engine": "postgres",
        "instanceClass": "db.t4g.micro",
        "allocatedStorage": 20,
        "storageType": "gp3",
    },
    "aws:route53/zone:Zone": {},
    "aws:s3/bucket:Bucket": {},
    "aws:scheduler/schedule:Schedule": {"scheduleExpression": "rate(1 hour)"},
    "aws:secretsmanager/secret:Secret": {},
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {},
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": {},
    "aws:sns/topic:Topic": {},
    "aws:sqs/queue:Queue": {"receiveWaitTimeSeconds": 20},
    "aws:ssm/parameter:Parameter": {"tier": "Standard"},
}
TASK_INPUTS: Final = {"cpu": "1024", "memory": "2048", "containerDefinitions": "[]"}
"""Of the task definition whose ARN is `task:1`."""
