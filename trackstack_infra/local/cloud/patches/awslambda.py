"""Lambda: moto forgets the file systems and the log configuration of a function, and changes of its image's command.

Without them the bridge would not know where its EFS is mounted, and would read back as changed.
"""

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import ImageConfig, LambdaFunction

from trackstack_infra.local.cloud.patches.patching import around

_KEPT = ("FileSystemConfigs", "LoggingConfig")

Configuration = dict[str, Any]


def apply() -> None:
    around(LambdaFunction, "__init__", _make)
    around(LambdaFunction, "get_configuration", _describe)
    around(LambdaFunction, "update_configuration", _change)


def _make(
    original: Callable[..., None], self: Any, account_id: str, spec: Configuration, *rest: Any, **kw: Any
) -> None:
    self.kept = {key: spec[key] for key in _KEPT if spec.get(key)}
    original(self, account_id, spec, *rest, **kw)


def _describe(original: Callable[..., Configuration], self: Any, *args: Any, **kwargs: Any) -> Configuration:
    return {**original(self, *args, **kwargs), **self.kept}


def _change(original: Callable[..., Configuration], self: Any, config_updates: Configuration) -> Configuration:
    self.kept.update({key: config_updates[key] for key in _KEPT if key in config_updates})
    if config_updates.get("ImageConfig"):
        self.image_config = ImageConfig(config_updates["ImageConfig"])
    return original(self, config_updates)
