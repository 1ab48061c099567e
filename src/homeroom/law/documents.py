"""YAML that law and tests are written in, read strictly: an unknown or repeated key is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from homeroom.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Hashable


class _Strict(yaml.SafeLoader):
    """SafeLoader keeps the last of two equal keys without a word; a rule must not be lost so."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's own
    ) -> dict[Hashable, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                line = node.start_mark.line + 1
                raise BadInput(f"The key {name!r} stands twice near line {line}; keep one.")
        return super().construct_mapping(node, deep)


def parse(text: str, where: str) -> Any:
    """Read one YAML document.

    Raises
    ------
    BadInput
        If the text is no YAML, or repeats a key.
    """
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader, made stricter
    except yaml.YAMLError as error:
        raise BadInput(f"{where} is no valid YAML: {error}") from error
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error


def mapping(value: object, where: str, *, required: str = "", optional: str = "") -> dict[str, Any]:
    """Check that ``value`` is a mapping with these keys (written as words) and no others."""
    needed, allowed = set(required.split()), set(f"{required} {optional}".split())
    if not isinstance(value, dict):
        raise BadInput(f"{where}: expected a mapping with {sorted(allowed)}, found {value!r}.")
    strange = sorted(str(key) for key in value if key not in allowed)
    if strange:
        raise BadInput(f"{where}: unknown key {strange[0]!r}; the keys are {sorted(allowed)}.")
    lacking = sorted(needed - set(value))
    if lacking:
        raise BadInput(f"{where}: the key {lacking[0]!r} is missing.")
    return value


def listing(value: object, where: str) -> list[Any]:
    """Check that ``value`` is a list."""
    if not isinstance(value, list):
        raise BadInput(f"{where}: expected a list, found {value!r}.")
    return value
