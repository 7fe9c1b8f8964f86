"""CloudFront: distributions and how they sign what they ask of S3."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, text
from trackstack_infra.local.provider.tagging import shaped, tags

_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"  # AWS's one hosted zone for all distributions


def _control_config(inputs: Inputs) -> dict[str, Any]:
    return {
        "Name": inputs["name"],
        "Description": inputs.get("description") or "Managed by Pulumi",
        "SigningProtocol": inputs["signingProtocol"],
        "SigningBehavior": inputs["signingBehavior"],
        "OriginAccessControlOriginType": inputs["originAccessControlOriginType"],
    }


def _control(client: Client, ref: str, inputs: Inputs) -> Found:
    answer = client.get_origin_access_control(Id=ref)
    return {**answer["OriginAccessControl"], "ETag": answer["ETag"]}


def _make_control(client: Client, inputs: Inputs) -> Found:
    answer = client.create_origin_access_control(OriginAccessControlConfig=_control_config(inputs))
    return _control(client, answer["OriginAccessControl"]["Id"], inputs)


def _control_by_name(client: Client, inputs: Inputs) -> Found | None:
    every = client.list_origin_access_controls()["OriginAccessControlList"].get("Items", [])
    same = [each for each in every if each["Name"] == inputs["name"]]
    return _control(client, same[0]["Id"], inputs) if same else None


def _change_control(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    mark = _control(client, ref, new)["ETag"]
    client.update_origin_access_control(Id=ref, IfMatch=mark, OriginAccessControlConfig=_control_config(new))


def _delete_control(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_origin_access_control(Id=ref, IfMatch=_control(client, ref, {})["ETag"])


ORIGIN_ACCESS_CONTROL = Recipe(
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    service="cloudfront",
    changes="name description signingProtocol signingBehavior originAccessControlOriginType",
    name_property="name",
    make=_make_control,
    look=_control,
    identify="Id",
    shown=lambda found, inputs: {
        "arn": f"arn:aws:cloudfront::{ACCOUNT}:origin-access-control/{found['Id']}",
        "etag": found["ETag"],
    },
    change=_change_control,
    remove=_delete_control,
    search=_control_by_name,
)


def _items(values: Sequence[Any]) -> dict[str, Any]:
    return {"Quantity": len(values), "Items": list(values)}


def _origin(origin: Mapping[str, Any]) -> dict[str, Any]:
    custom = origin.get("customOriginConfig")
    kind: dict[str, Any] = {"S3OriginConfig": {"OriginAccessIdentity": ""}}
    if custom:
        protocols = list(custom["originSslProtocols"])
        kind = {
            "CustomOriginConfig": {
                "HTTPPort": int(custom["httpPort"]),
                "HTTPSPort": int(custom["httpsPort"]),
                "OriginProtocolPolicy": custom["originProtocolPolicy"],
                "OriginSslProtocols": _items(protocols),
                "IpAddressType": custom.get("ipAddressType") or "ipv4",
            }
        }
        timeouts = {"originReadTimeout": "OriginReadTimeout", "originKeepaliveTimeout": "OriginKeepaliveTimeout"}
        kind["CustomOriginConfig"] |= {aws: int(custom[ours]) for ours, aws in timeouts.items() if custom.get(ours)}
    headers = [{"HeaderName": each["name"], "HeaderValue": each["value"]} for each in origin.get("customHeaders") or []]
    tries = {"connectionAttempts": "ConnectionAttempts", "connectionTimeout": "ConnectionTimeout"}
    return {
        "Id": origin["originId"],
        "DomainName": origin["domainName"],
        "OriginPath": origin.get("originPath") or "",
        "OriginAccessControlId": origin.get("originAccessControlId") or "",
        "CustomHeaders": _items(headers),
        **{aws: int(origin[ours]) for ours, aws in tries.items() if origin.get(ours)},
        **kind,
    }


def _behavior(behavior: Mapping[str, Any]) -> dict[str, Any]:
    methods = _items(behavior["allowedMethods"]) | {"CachedMethods": _items(behavior["cachedMethods"])}
    made = {
        "TargetOriginId": behavior["targetOriginId"],
        "ViewerProtocolPolicy": behavior["viewerProtocolPolicy"],
        "AllowedMethods": methods,
        "Compress": bool(behavior.get("compress")),
        "SmoothStreaming": False,
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
        "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "LambdaFunctionAssociations": _items([]),
        "FunctionAssociations": _items(
            [
                {"EventType": each["eventType"], "FunctionARN": each["functionArn"]}
                for each in behavior.get("functionAssociations") or []
            ]
        ),
        "FieldLevelEncryptionId": "",
    }
    names = {
        "pathPattern": "PathPattern",
        "cachePolicyId": "CachePolicyId",
        "originRequestPolicyId": "OriginRequestPolicyId",
        "responseHeadersPolicyId": "ResponseHeadersPolicyId",
    }
    return made | {aws: behavior[ours] for ours, aws in names.items() if behavior.get(ours)}


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"ErrorCode": int(error["errorCode"])}
    if error.get("responsePagePath"):
        made |= {"ResponsePagePath": error["responsePagePath"], "ResponseCode": text(error["responseCode"])}
    return made | {"ErrorCachingMinTTL": int(error.get("errorCachingMinTtl") or 10)}


def _certificate(certificate: Mapping[str, Any]) -> dict[str, Any]:
    if not certificate.get("acmCertificateArn"):
        return {"CloudFrontDefaultCertificate": True}
    return {
        "CloudFrontDefaultCertificate": False,
        "ACMCertificateArn": certificate["acmCertificateArn"],
        "SSLSupportMethod": certificate["sslSupportMethod"],
        "MinimumProtocolVersion": certificate["minimumProtocolVersion"],
    }


def _config(inputs: Inputs, reference: str) -> dict[str, Any]:
    restriction = inputs["restrictions"]["geoRestriction"]
    return {
        "CallerReference": reference,
        "Comment": inputs.get("comment") or "",
        "Enabled": bool(inputs["enabled"]),
        "IsIPV6Enabled": bool(inputs.get("isIpv6Enabled")),
        "HttpVersion": inputs.get("httpVersion") or "http2",
        "PriceClass": inputs.get("priceClass") or "PriceClass_All",
        "DefaultRootObject": inputs.get("defaultRootObject") or "",
        "WebACLId": inputs.get("webAclId") or "",
        "Aliases": _items(inputs.get("aliases") or []),
        "Origins": _items([_origin(each) for each in inputs["origins"]]),
        "OriginGroups": _items([]),
        "DefaultCacheBehavior": _behavior(inputs["defaultCacheBehavior"]),
        "CacheBehaviors": _items([_behavior(each) for each in inputs.get("orderedCacheBehaviors") or []]),
        "CustomErrorResponses": _items([_error(each) for each in inputs.get("customErrorResponses") or []]),
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        "ViewerCertificate": _certificate(inputs["viewerCertificate"]),
        "Restrictions": {
            "GeoRestriction": {
                "RestrictionType": restriction["restrictionType"],
                **_items(restriction.get("locations") or []),
            }
        },
    }


def _make_distribution(client: Client, inputs: Inputs) -> Found:
    # AWS takes two requests of one reference for the same one sent twice.
    reference = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:32]
    config = {"DistributionConfig": _config(inputs, reference), "Tags": {"Items": tags(inputs) or []}}
    answer = client.create_distribution_with_tags(DistributionConfigWithTags=config)
    return _distribution(client, answer["Distribution"]["Id"], inputs)


def _distribution(client: Client, ref: str, inputs: Inputs) -> Found:
    answer = client.get_distribution(Id=ref)
    return {**answer["Distribution"], "ETag": answer["ETag"]}


def _distribution_by_comment(client: Client, inputs: Inputs) -> Found | None:
    if not inputs.get("comment"):
        return None  # nothing else tells it from another stack's
    every = client.list_distributions()["DistributionList"].get("Items", [])
    same = [each for each in every if each["Comment"] == inputs["comment"]]
    return _distribution(client, same[0]["Id"], inputs) if same else None


def _change_distribution(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    found = _distribution(client, ref, new)
    config = _config(new, found["DistributionConfig"]["CallerReference"])
    client.update_distribution(Id=ref, IfMatch=found["ETag"], DistributionConfig=config)


def _disable_and_delete(client: Client, ref: str, outputs: Outputs) -> None:
    """As AWS wants it: nothing that is enabled may be deleted."""
    answer = client.get_distribution_config(Id=ref)
    mark, config = answer["ETag"], answer["DistributionConfig"]
    if config["Enabled"]:
        mark = client.update_distribution(Id=ref, IfMatch=mark, DistributionConfig={**config, "Enabled": False})["ETag"]
    client.delete_distribution(Id=ref, IfMatch=mark)


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.tag_resource(Resource=outputs["arn"], Tags={"Items": shaped(put, "Key")})
    if drop:
        client.untag_resource(Resource=outputs["arn"], TagKeys={"Items": drop})


DISTRIBUTION = Recipe(
    "aws:cloudfront/distribution:Distribution",
    service="cloudfront",
    changes=(
        "enabled origins defaultCacheBehavior orderedCacheBehaviors customErrorResponses restrictions "
        "viewerCertificate comment defaultRootObject httpVersion isIpv6Enabled priceClass aliases webAclId "
        "waitForDeployment retainOnDelete"
    ),
    make=_make_distribution,
    look=_distribution,
    identify="Id",
    shown=lambda found, inputs: {
        "arn": found["ARN"],
        "domainName": found["DomainName"],
        "hostedZoneId": _CLOUDFRONT_ZONE,
        "status": found["Status"],
        "etag": found["ETag"],
        "callerReference": found["DistributionConfig"]["CallerReference"],
    },
    change=_change_distribution,
    remove=_disable_and_delete,
    search=_distribution_by_comment,
    tagging=_tag,
)

RECIPES = (ORIGIN_ACCESS_CONTROL, DISTRIBUTION)
