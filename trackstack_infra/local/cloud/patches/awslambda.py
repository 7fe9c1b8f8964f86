"""Lambda: moto forgets the file systems and the log configuration of a function, and changes of its image's command.

Without them the bridge would not know where its EFS is mounted, and would read back as changed.
"""

from typing import Any

from moto.awslambda.models import ImageConfig, LambdaFunction

_KEPT = ("FileSystemConfigs", "LoggingConfig")


def apply() -> None:
    make = LambdaFunction.__init__
    describe = LambdaFunction.get_configuration
    change = LambdaFunction.update_configuration

    def make_and_keep(self: LambdaFunction, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        self.kept = {key: spec[key] for key in _KEPT if spec.get(key)}
        make(self, account_id, spec, *args, **kwargs)

    def describe_with_kept(self: LambdaFunction, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**describe(self, *args, **kwargs), **self.kept}

    def change_and_keep(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        self.kept.update({key: config_updates[key] for key in _KEPT if key in config_updates})
        if config_updates.get("ImageConfig"):
            self.image_config = ImageConfig(config_updates["ImageConfig"])
        configuration: dict[str, Any] = change(self, config_updates)
        return configuration

    LambdaFunction.__init__ = make_and_keep
    LambdaFunction.get_configuration = describe_with_kept
    LambdaFunction.update_configuration = change_and_keep
