"""moto's settings. It reads most of them when it is imported, so `prepare` comes first."""

from collections.abc import MutableMapping

ACCOUNT = "123456789012"

_SETTINGS = {
    "MOTO_ACCOUNT_ID": ACCOUNT,
    "MOTO_ACM_VALIDATION_WAIT": "1",  # a certificate is issued after 1 s instead of 60
    "MOTO_COGNITO_IDP_USER_POOL_CLIENT_ID_STRATEGY": "HASH",  # the same ids after a restart, so that a login lasts
    "MOTO_COGNITO_IDP_USER_POOL_ID_STRATEGY": "HASH",
    "MOTO_DISABLE_GLOBAL_CORS": "true",  # else every web page may read every answer
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # 0.1 s for machine images nobody starts
    "MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR": "false",  # one purge a minute is slow where a stack is up in 2 s
}


def prepare(environ: MutableMapping[str, str]) -> None:
    """Set what moto reads from ENVIRON."""
    environ.update(_SETTINGS)
