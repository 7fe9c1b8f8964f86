"""Reads a stack's settings: Pulumi.<stack>.yaml once, over it what is set by hand, checked at once, in words."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from trackstack_infra.errors import SettingsError
from trackstack_infra.names import ENTERPRISE, FOUNDATION, PRAGMATIC
from trackstack_infra.settings.file import did_you_mean, read_settings
from trackstack_infra.settings.messages import OVERRIDE, settings_error, unknown_setting
from trackstack_infra.settings.models import EnterpriseSettings, FoundationSettings, PragmaticSettings

AnySettings = FoundationSettings | PragmaticSettings | EnterpriseSettings

MODELS: Final[dict[str, type[FoundationSettings] | type[PragmaticSettings] | type[EnterpriseSettings]]] = {
    FOUNDATION: FoundationSettings,
    PRAGMATIC: PragmaticSettings,
    ENTERPRISE: EnterpriseSettings,
}


class SettingsFiles:
    """The settings files of a checkout. Each is read once, however often its settings are asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, Mapping[str, object]] = {}

    def values(self, stack: str) -> Mapping[str, object]:
        """What Pulumi.<stack>.yaml holds by setting, unchecked; raises SettingsError for a file that cannot be read."""
        if stack not in MODELS:
            raise SettingsError(
                f"there is no stack {stack!r}{did_you_mean(stack, list(MODELS))}",
                hint=f"the stacks are {', '.join(MODELS)}",
            )
        if stack not in self._read:
            self._read[stack] = read_settings(self.root / _file(stack))
        return self._read[stack]

    def settings(self, stack: str, overrides: Mapping[str, object] = MappingProxyType({})) -> AnySettings:
        """A stack's settings: its file's values, over them the overrides; a SettingsError says what to change."""
        values, model = self.values(stack), MODELS[stack]
        for where, given in ((_file(stack), values), (OVERRIDE, overrides)):
            if "root" in given:
                raise unknown_setting(where, model, ("root",), given["root"])
        try:
            return model.model_validate({**_merged(values, overrides), "root": self.root})
        except ValidationError as error:
            raise settings_error(_file(stack), model, error, overrides) from None


def load_settings(stack: str, root: Path, **overrides: object) -> AnySettings:
    """The settings of one stack below `root`, for whoever needs them once."""
    return SettingsFiles(root).settings(stack, overrides)


def _file(stack: str) -> str:
    return f"Pulumi.{stack}.yaml"


def _merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of `over` go first; where both hold keys of their own, so do theirs."""
    both = {
        key: _merged(values[key], over[key])
        for key in over
        if isinstance(over[key], Mapping) and isinstance(values.get(key), Mapping)
    }
    return {**values, **over, **both}
