"""Reads a stack's settings: Pulumi.<stack>.yaml once, over it what is set by hand, checked at once, in words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from trackstack_infra.errors import SettingsError
from trackstack_infra.names import ENTERPRISE, FOUNDATION, PRAGMATIC
from trackstack_infra.settings.file import did_you_mean, read_settings
from trackstack_infra.settings.messages import settings_error, unknown_setting
from trackstack_infra.settings.models import EnterpriseSettings, FoundationSettings, PragmaticSettings

AnySettings = FoundationSettings | PragmaticSettings | EnterpriseSettings

MODELS: Final[dict[str, type[FoundationSettings] | type[PragmaticSettings] | type[EnterpriseSettings]]] = {
    FOUNDATION: FoundationSettings,
    PRAGMATIC: PragmaticSettings,
    ENTERPRISE: EnterpriseSettings,
}


def load_settings(stack: str, root: Path, **overrides: object) -> AnySettings:
    """A stack's settings: its file's values, over them those given by hand; a SettingsError says what to change."""
    if stack not in MODELS:
        raise SettingsError(
            f"there is no stack {stack!r}{did_you_mean(stack, list(MODELS))}",
            hint=f"the stacks are {', '.join(MODELS)}",
        )
    file = f"Pulumi.{stack}.yaml"
    values = read_settings(root / file)
    if "root" in values:
        raise unknown_setting(file, MODELS[stack], ("root",), values["root"])
    try:
        return MODELS[stack].model_validate({**_merged(values, overrides), "root": root})
    except ValidationError as error:
        raise settings_error(file, MODELS[stack], error, overrides) from None


def _merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of `over` go first; where both hold keys of their own, so do theirs."""
    both = {
        key: _merged(values[key], over[key])
        for key in over
        if isinstance(over[key], Mapping) and isinstance(values.get(key), Mapping)
    }
    return {**values, **over, **both}
