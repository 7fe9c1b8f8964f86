"""CloudFront: what moto forgets of a distribution, and the two resource types it lacks a half of.

It forgets which access control signs what an origin is asked (the router signs by it), over which kind of address an
origin is reached, and which functions see a behaviour's requests. It neither publishes nor changes a function, and
knows no policies for response headers.
"""

from collections.abc import Callable
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontFunction, DefaultCacheBehaviour, Origin, random_id
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from trackstack_infra.local.cloud.patches.patching import add, around

_POLICIES = "{0}/2020-05-31/response-headers-policy"


def apply() -> None:
    around(Origin, "__init__", _make_origin)
    around(DefaultCacheBehaviour, "__init__", _make_behaviour)
    add(CloudFrontResponse, "publish_function", _publish_function)
    add(CloudFrontResponse, "update_function", _update_function)
    urls.url_paths["{0}/2020-05-31/function/(?P<function_name>[^/]+)/publish$"] = CloudFrontResponse.dispatch
    add(CloudFrontResponse, "create_response_headers_policy", _create_policy)
    add(CloudFrontResponse, "get_response_headers_policy", _get_policy)
    add(CloudFrontResponse, "list_response_headers_policies", _list_policies)
    add(CloudFrontResponse, "update_response_headers_policy", _update_policy)
    add(CloudFrontResponse, "delete_response_headers_policy", _delete_policy)
    urls.url_paths[f"{_POLICIES}$"] = CloudFrontResponse.dispatch
    urls.url_paths[f"{_POLICIES}/(?P<policy_id>[^/]+)$"] = CloudFrontResponse.dispatch


def _make_origin(original: Callable[..., None], self: Any, origin: dict[str, Any]) -> None:
    original(self, origin)
    self.origin_access_control_id = origin.get("OriginAccessControlId") or ""
    if "CustomOriginConfig" in origin:
        self.custom_origin_config.ip_address_type = origin["CustomOriginConfig"].get("IpAddressType") or "ipv4"


def _make_behaviour(original: Callable[..., None], self: Any, config: dict[str, Any]) -> None:
    original(self, config)
    functions = (config.get("FunctionAssociations") or {}).get("Items") or []
    self.function_associations = {"Quantity": len(functions), "Items": functions}


def _publish_function(self: CloudFrontResponse) -> ActionResult:
    found: CloudFrontFunction = self.backend.describe_function(self._get_param("Name"))
    found.stage, found.status = "LIVE", "UNASSOCIATED"
    return ActionResult({"FunctionSummary": found.function_summary})


def _update_function(self: CloudFrontResponse) -> ActionResult:
    found: CloudFrontFunction = self.backend.describe_function(self._get_param("Name"))
    found.config, found.code = self._get_param("FunctionConfig"), self._get_param("FunctionCode")
    found.stage, found.status, found.etag = "DEVELOPMENT", "UNPUBLISHED", random_id()
    return ActionResult({"FunctionSummary": found.function_summary, "ETag": found.etag})


def _policies(self: CloudFrontResponse) -> dict[str, dict[str, Any]]:
    """The account's policies by id; a reset of the backend takes them with it."""
    policies: dict[str, dict[str, Any]] = self.backend.__dict__.setdefault("response_headers_policies", {})
    return policies


def _policy(self: CloudFrontResponse) -> dict[str, Any]:
    found = _policies(self).get(self._get_param("Id"))
    if found is None:
        raise CloudFrontException("NoSuchResponseHeadersPolicy", "The response headers policy does not exist.")
    return found


def _answer(found: dict[str, Any]) -> ActionResult:
    policy = {key: found[key] for key in ("Id", "LastModifiedTime", "ResponseHeadersPolicyConfig")}
    return ActionResult({"ResponseHeadersPolicy": policy, "ETag": found["ETag"]})


def _create_policy(self: CloudFrontResponse) -> ActionResult:
    config = self._get_param("ResponseHeadersPolicyConfig")
    if any(each["ResponseHeadersPolicyConfig"]["Name"] == config["Name"] for each in _policies(self).values()):
        raise CloudFrontException("ResponseHeadersPolicyAlreadyExists", f"There is a policy {config['Name']} already.")
    made = {"Id": random_id(), "ETag": random_id(), "LastModifiedTime": utcnow(), "ResponseHeadersPolicyConfig": config}
    _policies(self)[made["Id"]] = made
    return _answer(made)


def _get_policy(self: CloudFrontResponse) -> ActionResult:
    return _answer(_policy(self))


def _list_policies(self: CloudFrontResponse) -> ActionResult:
    keys = ("Id", "LastModifiedTime", "ResponseHeadersPolicyConfig")
    items = [
        {"Type": "custom", "ResponseHeadersPolicy": {key: each[key] for key in keys}}
        for each in _policies(self).values()
    ]
    return ActionResult({"ResponseHeadersPolicyList": {"MaxItems": 100, "Quantity": len(items), "Items": items}})


def _update_policy(self: CloudFrontResponse) -> ActionResult:
    found = _policy(self)
    found["ResponseHeadersPolicyConfig"] = self._get_param("ResponseHeadersPolicyConfig")
    found["ETag"], found["LastModifiedTime"] = random_id(), utcnow()
    return _answer(found)


def _delete_policy(self: CloudFrontResponse) -> ActionResult:
    del _policies(self)[_policy(self)["Id"]]
    return EmptyResult()
