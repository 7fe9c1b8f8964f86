"""`trackstack token STACK`."""

import secrets

from trackstack_infra.cli.context import home
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json


def token(stack: StackArgument, json: JsonOption = False, debug: DebugOption = False) -> None:
    """Print an access token for STACK's API.

    Foundation's user pool issues it to the local user. It expires after one hour.
    """
    from trackstack_infra.local.observe.api import access_token

    got = access_token(stack, home(), verifier=secrets.token_urlsafe(48))
    if json:
        print_json({"access_token": got.access_token, "token_type": "Bearer", "expires_in": got.expires_in_s})
    else:
        print(got.access_token)
