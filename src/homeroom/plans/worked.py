"""The worked examples of plans that ship with the package."""

from __future__ import annotations

from importlib.resources import files

EXAMPLES = files("homeroom.plans") / "examples"


def examples() -> dict[str, str]:
    """Return the examples as YAML, in the order of their names."""
    names = sorted(path.name.removesuffix(".yaml") for path in EXAMPLES.iterdir())
    return {name: (EXAMPLES / f"{name}.yaml").read_text("utf-8") for name in names}
