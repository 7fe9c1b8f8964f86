"""Reads Pulumi.<stack>.yaml: the file the real engine reads too, so its keys carry a namespace (`trackstack:azs`)."""

from collections.abc import Hashable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import yaml

from trackstack_infra.errors import SettingsError
from trackstack_infra.names import PROJECT

REGION_KEY: Final = "aws:region"
# What the real engine keeps beside `config`; none of it is a setting of ours.
_ENGINE_KEYS: Final = frozenset({"encryptionsalt", "encryptedkey", "secretsprovider"})
_FOREIGN_NAMESPACES: Final = ("aws", "pulumi")


def read_settings(path: Path) -> dict[str, object]:
    """The values of a stack's file by field name (`region`, `azs`, …), unchecked but for their keys' namespaces."""
    document = _parse(path.name, _text(path))
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        raise SettingsError(f"{path.name} holds {_kind(document)}, not a mapping", hint="begin it with `config:`")
    for key in document:
        if key != "config" and key not in _ENGINE_KEYS:
            raise SettingsError(
                f"{path.name}: unknown key {key} at the top{did_you_mean(str(key), ['config'])}",
                hint="put settings below `config:`, indented by two spaces",
            )
    config = document.get("config")
    if config is None:
        return {}
    if not isinstance(config, Mapping):
        raise SettingsError(
            f"{path.name}: config is {_kind(config)}, not a mapping",
            hint=f"write one setting per line below it, such as `{PROJECT}:azs: 2`",
        )
    return dict(_setting(path.name, str(key), value) for key, value in config.items() if not _is_foreign(str(key)))


def closest(word: str, known: list[str]) -> str | None:
    """The known word that was probably meant."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(word: str, known: list[str]) -> str:
    """`; did you mean x?`, or nothing when no known word is near."""
    near = closest(word, known)
    return f"; did you mean {near}?" if near else ""


def _is_foreign(key: str) -> bool:
    return key != REGION_KEY and key.partition(":")[0] in _FOREIGN_NAMESPACES and ":" in key


def _setting(file: str, key: str, value: object) -> tuple[str, object]:
    if key == REGION_KEY:
        return "region", value
    namespace, colon, name = key.partition(":")
    if not colon:
        raise SettingsError(f"{file}: {key} has no namespace (value {value!r})", hint=f"write it as {PROJECT}:{key}")
    if namespace != PROJECT:
        near = did_you_mean(namespace, [PROJECT, *_FOREIGN_NAMESPACES])
        raise SettingsError(
            f"{file}: unknown key {key} (value {value!r}); {namespace}: is not a known namespace{near}",
            hint=f"settings of this project begin with {PROJECT}:",
        )
    if name == "region":
        raise SettingsError(
            f"{file}: unknown key {key} (value {value!r}); did you mean {REGION_KEY}?",
            hint=f"rename it to {REGION_KEY}",
        )
    if isinstance(value, Mapping) and set(value) == {"secure"}:
        raise SettingsError(
            f"{file}: {key} is encrypted, but no setting of this project is a secret",
            hint="write its value in plain text",
        )
    return name, value


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f"{path.name} is missing in {path.parent}", hint=f"restore it with `git checkout -- {path.name}`"
        ) from None
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}", hint="check the file's permissions") from error
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise SettingsError(f"{path.name} begins with a byte order mark", hint="save the file as UTF-8 without BOM")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path.name}, line {line}, is not UTF-8", hint="save the file as UTF-8") from None


class _Loader(yaml.SafeLoader):
    """YAML without the silent overwriting of a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
            if key_node.value in seen:
                message = f"duplicate key {key_node.value}"
                raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def _parse(file: str, text: str) -> object:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if "'\\t'" in (error.problem or "") or _has_tab(text, line):
            raise SettingsError(
                f"{file}, line {line}, has a tab", hint="indent with two spaces; YAML allows no tabs"
            ) from None
        what = error.problem or error.context or "not YAML"
        raise SettingsError(f"{file}, line {line}: {what}", hint="correct that line") from None
    except yaml.YAMLError as error:
        raise SettingsError(f"{file} is not YAML: {error}", hint="save it as plain UTF-8 text") from None
    except (ValueError, RecursionError) as error:  # a date like 2026-13-45, or a value nested without end
        raise SettingsError(f"{file} holds an invalid value: {error}", hint="put text in quotes") from None


def _has_tab(text: str, line: int) -> bool:
    lines = text.splitlines()
    return line <= len(lines) and "\t" in lines[line - 1]


def _kind(value: object) -> str:
    return {str: "text", int: "a number", float: "a number", bool: "true or false", list: "a list"}.get(
        type(value), "a value"
    )
