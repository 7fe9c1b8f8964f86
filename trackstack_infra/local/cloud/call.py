"""What a request asks of AWS: which service, which operation, and whether that changes anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Services sign with names of their own; we say what boto3 says.
_SIGNED_AS = {
    "elasticloadbalancing": "elbv2",
    "apigateway": "apigatewayv2",
    "elasticfilesystem": "efs",
}
_SCOPE = re.compile(r"Credential=[^/]*/\d{8}/([^/]*)/([^/]*)/aws4_request")
_FORM_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_CBOR_ACTION = re.compile(r"/service/\w+/operation/(\w+)$")
_READS = re.compile(r"(Describe|List|Get|BatchGet|Query|Scan|Discover|Search|Filter|Lookup|Receive)[A-Z]|Query$|Scan$")
_READING_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class AwsCall:
    """One request to the emulator. `operation` is None where only method and path tell (REST services)."""

    service: str
    operation: str | None
    region: str | None
    method: str
    path: str

    @property
    def changes(self) -> bool:
        """Whether the call may have changed something that others look at."""
        if self.operation is None:
            return self.method not in _READING_METHODS
        return _READS.match(self.operation) is None


def read_call(environ: Mapping[str, Any], body: bytes) -> AwsCall:
    """The call that a request is. Unsigned requests are S3's, as for moto: presigned and anonymous reads."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    region, signed = (scope[1], scope[2]) if scope else (None, "s3")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if not scope and target.startswith("AWSCognitoIdentityProviderService"):
        signed = "cognito-idp"
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    return AwsCall(_SIGNED_AS.get(signed, signed), _operation(environ, target, path, body), region, method, path)


def _operation(environ: Mapping[str, Any], target: str, path: str, body: bytes) -> str | None:
    if target:
        return target.rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = _FORM_ACTION.search(body)
        return form[1].decode() if form else None
    cbor = _CBOR_ACTION.search(path)
    return cbor[1] if cbor else None
