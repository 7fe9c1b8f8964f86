"""Cognito: who may log in, to what, and where."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call, typed
from trackstack_infra.local.provider.tagging import tags

_MOST_A_PAGE = 60  # Cognito's limit, which it wants named


def _pool_request(inputs: Inputs) -> dict[str, Any]:
    password = inputs.get("passwordPolicy")
    names = {
        "minimumLength": "MinimumLength",
        "requireLowercase": "RequireLowercase",
        "requireUppercase": "RequireUppercase",
        "requireNumbers": "RequireNumbers",
        "requireSymbols": "RequireSymbols",
        "temporaryPasswordValidityDays": "TemporaryPasswordValidityDays",
    }
    policy = {
        aws: int(password[ours]) if isinstance(password[ours], float) else password[ours]
        for ours, aws in names.items()
        if password and password.get(ours) is not None
    }
    return {"Policies": {"PasswordPolicy": policy} if policy else None}


def _make_pool(client: Client, inputs: Inputs) -> Found:
    request = {"PoolName": inputs["name"], "UserPoolTags": tags(inputs, "map"), **_pool_request(inputs)}
    # The second factor is set by a call of its own, which knows the software token.
    given = {key: value for key, value in inputs.items() if key != "mfaConfiguration"}
    ref = call(client, "CreateUserPool", given, **request)["UserPool"]["Id"]
    _set_factors(client, ref, inputs)
    return _pool(client, ref, inputs)


def _set_factors(client: Client, ref: str, inputs: Inputs) -> None:
    factors = inputs.get("mfaConfiguration") or "OFF"
    software = inputs.get("softwareTokenMfaConfiguration")
    token = {"SoftwareTokenMfaConfiguration": {"Enabled": bool(software["enabled"])}} if software else {}
    if factors != "OFF":
        client.set_user_pool_mfa_config(UserPoolId=ref, MfaConfiguration=factors, **token)


def _pool(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_user_pool(UserPoolId=ref)["UserPool"]
    return {**found, "Region": client.meta.region_name}


def _change_pool(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    given = {key: value for key, value in new.items() if key != "mfaConfiguration"}
    call(client, "UpdateUserPool", given, UserPoolId=ref, UserPoolTags=tags(new, "map"), **_pool_request(new))
    _set_factors(client, ref, new)


def _pool_by_name(client: Client, inputs: Inputs) -> Found | None:
    every = client.list_user_pools(MaxResults=_MOST_A_PAGE)["UserPools"]
    same = [each for each in every if each["Name"] == inputs["name"]]
    return _pool(client, same[0]["Id"], inputs) if same else None


def _tag_pool(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    # UpdateUserPool sets back what it is not told.
    _change_pool(client, ref, {}, outputs)


USER_POOL = Recipe(
    "aws:cognito/userPool:UserPool",
    service="cognito-idp",
    fixed="name usernameAttributes aliasAttributes usernameConfiguration schemas",
    changes=(
        "adminCreateUserConfig mfaConfiguration softwareTokenMfaConfiguration passwordPolicy deletionProtection "
        "accountRecoverySetting autoVerifiedAttributes userPoolTier"
    ),
    name_property="name",
    make=_make_pool,
    look=_pool,
    identify="Id",
    shown=lambda found, inputs: {
        "arn": found["Arn"],
        "endpoint": f"cognito-idp.{found['Region']}.amazonaws.com/{found['Id']}",
        "creationDate": found["CreationDate"].isoformat(),
        "lastModifiedDate": found["LastModifiedDate"].isoformat(),
        "domain": found.get("Domain", ""),
    },
    change=_change_pool,
    remove=lambda client, ref, outputs: client.delete_user_pool(UserPoolId=ref),
    search=_pool_by_name,
    tagging=_tag_pool,
)


def _client(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_user_pool_client(UserPoolId=inputs["userPoolId"], ClientId=ref)["UserPoolClient"]
    return found


def _make_client(client: Client, inputs: Inputs) -> Found:
    found: Found = call(client, "CreateUserPoolClient", inputs, ClientName=inputs["name"])["UserPoolClient"]
    return found


def _client_by_name(client: Client, inputs: Inputs) -> Found | None:
    within = {"UserPoolId": inputs["userPoolId"], "MaxResults": _MOST_A_PAGE}
    same = [each for each in client.list_user_pool_clients(**within)["UserPoolClients"] if _named(each, inputs)]
    return _client(client, same[0]["ClientId"], inputs) if same else None


def _named(found: Found, inputs: Inputs) -> bool:
    return bool(found["ClientName"] == inputs["name"])


def _delete_client(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_user_pool_client(UserPoolId=outputs["userPoolId"], ClientId=ref)


USER_POOL_CLIENT = Recipe(
    "aws:cognito/userPoolClient:UserPoolClient",
    service="cognito-idp",
    fixed="userPoolId generateSecret",
    changes=(
        "name allowedOauthFlows allowedOauthFlowsUserPoolClient allowedOauthScopes callbackUrls logoutUrls "
        "defaultRedirectUri explicitAuthFlows supportedIdentityProviders preventUserExistenceErrors "
        "enableTokenRevocation accessTokenValidity idTokenValidity refreshTokenValidity tokenValidityUnits "
        "readAttributes writeAttributes authSessionValidity"
    ),
    name_property="name",
    make=_make_client,
    look=_client,
    identify="ClientId",
    shown=lambda found, inputs: {"clientSecret": found.get("ClientSecret", "")},
    change=lambda client, ref, old, new: call(
        client, "UpdateUserPoolClient", new, ClientId=ref, ClientName=new["name"]
    ),
    remove=_delete_client,
    search=_client_by_name,
)


def _domain(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found: Found = client.describe_user_pool_domain(Domain=ref)["DomainDescription"]
    return {"Domain": ref, **found} if found else None


def _make_domain(client: Client, inputs: Inputs) -> Found:
    call(client, "CreateUserPoolDomain", inputs)
    return _domain(client, inputs["domain"], inputs) or {"Domain": inputs["domain"]}


def _delete_domain(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_user_pool_domain(Domain=ref, UserPoolId=outputs["userPoolId"])


USER_POOL_DOMAIN = Recipe(
    "aws:cognito/userPoolDomain:UserPoolDomain",
    service="cognito-idp",
    fixed="domain userPoolId certificateArn",
    changes="managedLoginVersion",
    make=_make_domain,
    look=_domain,
    identify="Domain",
    shown={"cloudfrontDistribution": "CloudFrontDistribution", "s3Bucket": "S3Bucket", "version": "Version"},
    remove=_delete_domain,
    search=lambda client, inputs: _domain(client, inputs["domain"], inputs),
    deletes_first=True,
)


def _scopes(client: Client, operation: str, inputs: Inputs) -> Found:
    shape = client.meta.service_model.operation_model(operation).input_shape.members["Scopes"]
    request = {
        "UserPoolId": inputs["userPoolId"],
        "Identifier": inputs["identifier"],
        "Name": inputs["name"],
        "Scopes": typed(inputs.get("scopes") or [], shape, where="scopes"),
    }
    found: Found = call(client, operation, **request)["ResourceServer"]
    return found


def _resource_server(client: Client, ref: str, inputs: Inputs) -> Found:
    which = {"UserPoolId": inputs["userPoolId"], "Identifier": inputs["identifier"]}
    found: Found = client.describe_resource_server(**which)["ResourceServer"]
    return found


def _delete_resource_server(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_resource_server(UserPoolId=outputs["userPoolId"], Identifier=outputs["identifier"])


RESOURCE_SERVER = Recipe(
    "aws:cognito/resourceServer:ResourceServer",
    service="cognito-idp",
    fixed="userPoolId identifier",
    changes="name scopes",
    name_property="name",
    make=lambda client, inputs: _scopes(client, "CreateResourceServer", inputs),
    look=_resource_server,
    identify=lambda found, inputs: f"{inputs['userPoolId']}|{inputs['identifier']}",
    shown=lambda found, inputs: {
        "scopeIdentifiers": [f"{inputs['identifier']}/{scope['scopeName']}" for scope in inputs.get("scopes") or []]
    },
    change=lambda client, ref, old, new: _scopes(client, "UpdateResourceServer", new),
    remove=_delete_resource_server,
    search=lambda client, inputs: _resource_server(client, "", inputs),
)

RECIPES = (USER_POOL, USER_POOL_CLIENT, USER_POOL_DOMAIN, RESOURCE_SERVER)
