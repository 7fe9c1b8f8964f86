"""Cognito: who may sign in."""

from typing import Final

from trackstack_infra.catalog.fidelity import SIGN_IN
from trackstack_infra.catalog.resource_type import ChosenBy, Data, DataRole, Drawn, Family, Name, ResourceType

_OF_THE_POOL: Final = "part of the user pool, which is billed by people who sign in"

TYPES: Final = (
    ResourceType(
        "aws:cognito/userPool:UserPool",
        drawn=Drawn("Cognito users", Family.ACCESS, rank=170),
        name=Name("name", r"[\w\s+=,.@-]{1,128}"),
        data=Data(DataRole.HOLDS, "users"),
        fidelity=SIGN_IN,
        outputs={
            "id": "{region}_{hex}",
            "arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{id}",
            "endpoint": "cognito-idp.{region}.amazonaws.com/{id}",
        },
        shown=("name", "mfaConfiguration", "deletionProtection"),
    ),
    ResourceType(
        "aws:cognito/userPoolClient:UserPoolClient",
        name=Name("name", None, ChosenBy.ENGINE),
        tags=False,
        fidelity=SIGN_IN,
        outputs={"id": "{hex}"},
        free=_OF_THE_POOL,
        costs_with={"gives tokens to machines, each of which is billed": "allowedOauthFlows=code|implicit"},
        shown=("allowedOauthFlows", "allowedOauthScopes"),
    ),
    ResourceType(
        "aws:cognito/userPoolDomain:UserPoolDomain",
        name=Name("domain", r"(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", ChosenBy.OUTSIDE),
        tags=False,
        fidelity=SIGN_IN,
        outputs={"id": "{name}", "cloudfrontDistribution": "d{hex}.cloudfront.net"},
        free=_OF_THE_POOL,
    ),
    ResourceType("aws:cognito/resourceServer:ResourceServer", tags=False, fidelity=SIGN_IN, free=_OF_THE_POOL),
)
