"""An HTTP answer, and AWS's errors in the spelling of each protocol."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from xml.sax.saxutils import escape

from trackstack_infra.local.cloud.call import AwsCall
from trackstack_infra.local.cloud.server import Headers, StartResponse

_XML_ENVELOPES = {
    "ec2": "<Response><Errors><Error>{}</Error></Errors></Response>",
    "s3": "<Error>{}</Error>",
    **dict.fromkeys(("cloudfront", "elbv2", "iam", "sns", "sts"), "<ErrorResponse><Error>{}</Error></ErrorResponse>"),
}


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status[:3])

    @property
    def ok(self) -> bool:
        return self.code < 400

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return [self.body]


def reply(code: int, content_type: str, body: str | bytes, headers: Headers | None = None) -> Reply:
    raw = body.encode() if isinstance(body, str) else body
    return Reply(f"{code} {HTTPStatus(code).phrase}", [("Content-Type", content_type), *(headers or [])], raw)


def json_reply(code: int, body: object, headers: Headers | None = None) -> Reply:
    return reply(code, "application/json", json.dumps(body), headers)


def aws_error(call: AwsCall, code: int, name: str, sentence: str) -> Reply:
    """The error as boto3 reads it from the service that CALL went to."""
    envelope = _XML_ENVELOPES.get(call.service)
    if envelope is None:
        return json_reply(code, {"__type": name, "message": sentence}, [("x-amzn-ErrorType", name)])
    return reply(code, "text/xml", envelope.format(f"<Code>{name}</Code><Message>{escape(sentence)}</Message>"))
