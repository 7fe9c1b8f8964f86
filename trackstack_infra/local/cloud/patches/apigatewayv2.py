"""API Gateway: moto has neither UpdateStage, for a changed throttle, nor GetAuthorizers, which the router asks,
nor an address at which a stage is tagged.
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.models import Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from trackstack_infra.local.cloud.patches.patching import add

Answer = tuple[int, dict[str, str], str]

_STAGE_TAGS = "{0}/v2/tags/(?P<partition>[^/]+)/apis/(?P<api>[^/]+)/stages/(?P<stage>[^/]+)$"


def apply() -> None:
    add(ApiGatewayV2Response, "update_stage", _update_stage)
    add(ApiGatewayV2Response, "get_authorizers", _get_authorizers)
    urls.url_paths[_STAGE_TAGS] = ApiGatewayV2Response.dispatch


def _update_stage(self: ApiGatewayV2Response) -> Answer:
    _, _, _, api_id, _, name = self.path.split("/")  # /v2/apis/<api>/stages/<name>
    api = self.apigatewayv2_backend.get_api(api_id)
    found: Stage = api.get_stage(unquote(name))
    changes: dict[str, Any] = json.loads(self.body)
    api.stages[found.name] = Stage(api, {**found.to_json(), **changes, "stageName": found.name})
    return 200, {}, json.dumps(api.stages[found.name].to_json())


def _get_authorizers(self: ApiGatewayV2Response) -> Answer:
    api = self.apigatewayv2_backend.get_api(self.path.split("/")[3])  # /v2/apis/<api>/authorizers
    return 200, {}, json.dumps({"items": [authorizer.to_json() for authorizer in api.authorizers.values()]})
