"""Options of a command, taken from the registry of questions: no command names them twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from homeroom.api.questions import QUESTIONS, Part

Command = TypeVar("Command", bound=Callable[..., Any])
_TOLD_BY_THE_ENGINE = ("wave", "policy", "item", "sex", "disability")
"""Choices that the question itself refuses, with a message that lists them."""
_MOST_NAMED = 30
"""Choices that the help lists; a command with more has an option that lists them."""


def parts_of(name: str) -> Callable[[Command], Command]:
    """Add an option for each part of a question of the registry.

    Parts that take several values come as a tuple, whether joined by commas or named again.

    Parameters
    ----------
    name
        Of the question.
    """

    def add(command: Command) -> Command:
        for part in reversed(QUESTIONS[name].parts):
            command = _option(part)(command)
        return command

    return add


def _option(part: Part) -> Callable[[Command], Command]:
    names = [f"--{one.replace('_', '-')}" for one in (part.name, part.also) if one]
    told: dict[str, Any] = {"help": part.doc, "default": part.default, "required": part.required}
    told["show_default"] = part.default not in (None, "", ())
    if part.kind == "flag":
        told |= {"is_flag": True, "show_default": False}
    elif part.several:
        told |= {"multiple": True, "callback": _split}
    elif part.kind == "integer":
        told["type"] = click.IntRange(part.least, part.most)
    elif part.choices and part.name not in _TOLD_BY_THE_ENGINE:
        told["type"] = click.Choice(part.choices)
    elif 0 < len(part.choices) <= _MOST_NAMED:
        told["help"] += "" if part.name == "policy" else f" One of {', '.join(part.choices)}."
    return click.option(*names, part.name, **told)


def _split(
    _ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    return tuple(one.strip() for text in given for one in text.split(",") if one.strip())
