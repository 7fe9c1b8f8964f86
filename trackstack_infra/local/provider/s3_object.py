"""S3: objects that a program uploads."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped

_HEADERS = "cacheControl contentType contentDisposition contentEncoding contentLanguage metadata storageClass"


def _body(inputs: Inputs) -> bytes:
    asset: Mapping[str, Any] | None = inputs.get("source")
    if asset is not None:
        return Path(asset["path"]).read_bytes() if "path" in asset else str(asset["text"]).encode()
    if inputs.get("contentBase64") is not None:
        return base64.b64decode(inputs["contentBase64"])
    return str(inputs.get("content") or "").encode()


def _put(client: Client, inputs: Inputs) -> Found:
    request: dict[str, Any] = {"Bucket": inputs["bucket"], "Key": inputs["key"], "Body": _body(inputs)}
    given = {key: inputs[key] for key in _HEADERS.split() if inputs.get(key) is not None}
    marks = urlencode(inputs["tags"]) if inputs.get("tags") else None
    found: Found = call(client, "PutObject", given, Tagging=marks, **request)
    return found


def _head(client: Client, inputs: Inputs) -> Found:
    found: Found = client.head_object(Bucket=inputs["bucket"], Key=inputs["key"])
    return found


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    which = {"Bucket": outputs["bucket"], "Key": outputs["key"]}
    client.put_object_tagging(**which, Tagging={"TagSet": shaped(put, "Key")})


def _outputs(found: Found, inputs: Inputs) -> Outputs:
    return {
        "arn": f"arn:aws:s3:::{inputs['bucket']}/{inputs['key']}",
        "etag": str(found["ETag"]).strip('"'),
        "versionId": found.get("VersionId", ""),
    }


OBJECT = Recipe(
    "aws:s3/bucketObjectv2:BucketObjectv2",
    service="s3",
    fixed="bucket key",
    changes=f"source sourceHash content contentBase64 forceDestroy {_HEADERS}",
    make=_put,
    look=lambda client, ref, inputs: _head(client, inputs),
    identify=lambda found, inputs: f"{inputs['bucket']}/{inputs['key']}",
    shown=_outputs,
    change=lambda client, ref, old, new: _put(client, new),
    remove=lambda client, ref, outputs: client.delete_object(Bucket=outputs["bucket"], Key=outputs["key"]),
    search=lambda client, inputs: _head(client, inputs),
    tagging=_tag,
    deletes_first=True,
)

RECIPES = (OBJECT,)
