"""Asks each service something before anybody waits for it: its first call imports it, which takes up to 0.3 s."""

import logging
from collections.abc import Callable
from io import BytesIO

from trackstack_infra.local.cloud.call import read_call
from trackstack_infra.local.cloud.emulator import Emulator

log = logging.getLogger(__name__)

_FORM = "application/x-www-form-urlencoded"
# In the order in which a first `up` needs them: service as it signs, method, path, X-Amz-Target, form
_QUESTIONS = (
    ("sts", "POST", "/", "", b"Action=GetCallerIdentity&Version=2011-06-15"),
    ("s3", "GET", "/", "", b""),
    ("cognito-idp", "POST", "/", "AWSCognitoIdentityProviderService.ListUserPools", b'{"MaxResults":1}'),
    ("dynamodb", "POST", "/", "DynamoDB_20120810.ListTables", b"{}"),
    ("sqs", "POST", "/", "AmazonSQS.ListQueues", b"{}"),
    ("sns", "POST", "/", "", b"Action=ListTopics&Version=2010-03-31"),
    ("iam", "POST", "/", "", b"Action=ListRoles&Version=2010-05-08"),
    ("logs", "POST", "/", "Logs_20140328.DescribeLogGroups", b"{}"),
    ("lambda", "GET", "/2015-03-31/functions", "", b""),
    ("ec2", "POST", "/", "", b"Action=DescribeVpcs&Version=2016-11-15"),
    ("elasticfilesystem", "GET", "/2015-02-01/file-systems", "", b""),
    ("ecs", "POST", "/", "AmazonEC2ContainerServiceV20141113.ListClusters", b"{}"),
    ("elasticloadbalancing", "POST", "/", "", b"Action=DescribeLoadBalancers&Version=2015-12-01"),
    ("apigateway", "GET", "/v2/apis", "", b""),
    ("servicediscovery", "POST", "/", "Route53AutoNaming_v20170314.ListNamespaces", b"{}"),
    ("cloudfront", "GET", "/2020-05-31/distribution", "", b""),
)


def warm(emulator: Emulator, region: str, closing: Callable[[], bool]) -> None:
    """Ask every service once, until CLOSING."""
    for service, method, path, target, body in _QUESTIONS:
        if closing():
            return
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "RAW_URI": path,
            "REQUEST_URI": path,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": f"{service}.{region}.amazonaws.com",
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=local/20260101/{region}/{service}/aws4_request",
            "CONTENT_TYPE": "application/x-amz-json-1.1" if target else _FORM if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            **({"HTTP_X_AMZ_TARGET": target} if target else {}),
        }
        answer = emulator.answer(read_call(environ, body), environ)
        if not answer.ok:
            log.warning("warming %s: %s %s", service, answer.status, answer.body[:200])
