"""Bodies: read up to a limit, and JSON taken strictly, so that nothing odd reaches a domain.

Python's own reader takes NaN, the last of two equal names, and half of a surrogate pair; none of these can be stored
and sent back as it came.
"""

import asyncio
import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from starlette.types import Message, Receive

from apps.common.problem import BadRequest, RequestTimeout, TooLarge, UnsupportedMediaType

JSON_LIMIT = 64 * 1024
CSV_LIMIT = 10 * 1024 * 1024

READ_S = 30
"""How long a body may take to arrive."""


class ClientGone(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """The caller hung up before the body was complete: there is nobody to answer."""


async def read_body(receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
    """The whole body; 413 as soon as it is known to be larger than its kind may be, whatever its length header says."""
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise UnsupportedMediaType("send the body as it is, without Content-Encoding")
    is_csv = media_type(headers) == "text/csv"
    limit = CSV_LIMIT if is_csv else JSON_LIMIT
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) > limit:
        raise _too_large(limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        whole: bytes = message.get("body", b"")
        if len(whole) > limit:
            raise _too_large(limit)
        return whole
    try:
        async with asyncio.timeout(READ_S):
            return await _rest(message, receive, limit)
    except TimeoutError as error:
        raise RequestTimeout(f"the body was not complete after {READ_S} s", headers={"Connection": "close"}) from error


async def _rest(message: Message, receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()


def media_type(headers: Mapping[bytes, bytes]) -> str:
    """The Content-Type without its parameters, in lower case; empty when there is none."""
    return headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")


def decode_json(body: bytes) -> Any:
    """The value of a JSON text; 400 on anything that is not plain, unambiguous JSON in UTF-8."""
    try:
        text = body.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            # Half of a surrogate pair passes the reader, but has no bytes in UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8 text (byte {error.start})") from error
    except UnicodeEncodeError as error:
        raise BadRequest("the body contains an unpaired surrogate") from error
    except json.JSONDecodeError as error:
        raise BadRequest(f"the body is not valid JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise BadRequest("the body is nested too deeply") from error
    except ValueError as error:
        raise BadRequest("the body contains a number that is too long") from error
    return value


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"the body is larger than {limit // 1024} KiB")


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"the body contains {name}, which is not a JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadRequest("the body contains a number that is too large")
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadRequest("an object of the body names the same field twice")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_float=_finite)
