"""A dataclass as a part of the document: its fields are the keys, and say what each means."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from homeroom.errors import BadInput
from homeroom.plans.format.kinds import Kind, Reading
from homeroom.plans.format.words import plain, suggestion
from homeroom.text_gate import short

_MARK = "document"


@dataclass(frozen=True, slots=True)
class Key:
    """What the document knows of a field.

    Attributes
    ----------
    name
        The key in the document.
    kind
        What it may hold.
    meaning
        One sentence for the reference page and for editors.
    also
        Other ways to write the key.
    default
        What holds where the key is left out; ``dataclasses.MISSING`` where it must be written.
    """

    name: str
    kind: Kind
    meaning: str
    also: tuple[str, ...]
    default: Any

    @property
    def needed(self) -> bool:
        """Whether the key must be written."""
        return self.default is dataclasses.MISSING


def key(
    kind: Kind,
    meaning: str,
    default: Any = dataclasses.MISSING,
    *,
    name: str = "",
    also: str = "",
) -> Any:
    """Return a dataclass field that is a key of the document.

    Parameters
    ----------
    kind
        What it may hold.
    meaning
        One sentence for the reference page and for editors.
    default
        What holds where the key is left out.
    name
        The key, where it is not called like the field.
    also
        Other ways to write the key, parted by commas.
    """
    words = tuple(word.strip() for word in also.split(",") if word.strip())
    metadata = {_MARK: (kind, meaning, name, words)}
    if isinstance(default, dict):
        return dataclasses.field(default_factory=dict, metadata=metadata)
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def keys(model: type[Any]) -> dict[str, Key]:
    """Return the keys of a part of the document, by the field that holds each."""
    found = {}
    for one in dataclasses.fields(model):
        if _MARK in one.metadata:
            kind, meaning, name, also = one.metadata[_MARK]
            default = {} if one.default_factory is dict else one.default
            found[one.name] = Key(name or one.name, kind, meaning, also, default)
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping that becomes a dataclass.

    Attributes
    ----------
    model
        The dataclass. ``complete(made, where)`` on it fills in what follows from other keys, and
        ``refuse(where)`` looks at what only the whole can show.
    shorthand
        Turns what is no mapping into one, or returns None where it means nothing.
    short_words
        How the shorthand is written, for the reference page.
    shorten
        Turns a written mapping into its shorthand, where it has one.
    """

    model: type[Any]
    shorthand: Callable[[object], Mapping[str, Any] | None] | None = None
    short_words: str = ""
    shorten: Callable[[dict[str, Any]], Any] | None = None

    @property
    def title(self) -> str:
        """Heading of the part on the reference page."""
        return self.model.__name__

    @property
    def words(self) -> str:
        """Where the keys are listed."""
        link = f"the keys of {self.title}"
        return f"{self.short_words}, or {link}" if self.short_words else link

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """Read the mapping, strictly, and build the dataclass."""
        short_form = None
        if not isinstance(value, dict) and self.shorthand is not None:
            short_form = self.shorthand(value)
            value = value if short_form is None else short_form
        known = keys(self.model)
        names = sorted(one.name for one in known.values())
        if not isinstance(value, Mapping):
            raise BadInput(f"{where}: expected a mapping with {names}, found {short(value)}.")
        given = self._given(value, where, known)
        made = {}
        for field, one in known.items():
            if field not in given:
                if one.needed:
                    raise BadInput(f"{where}: the key {one.name!r} is missing.")
                continue
            if given[field] is None and not one.needed:
                continue
            inside = where if short_form is not None else f"{where}: {one.name}"
            made[field] = one.kind.read(given[field], inside, reading)
        if hasattr(self.model, "complete"):
            made = self.model.complete(made, where)
        built = self.model(**made)
        if hasattr(built, "refuse"):
            built.refuse(where)
        return built

    def _given(
        self, value: Mapping[Any, Any], where: str, known: dict[str, Key]
    ) -> dict[str, object]:
        """Match what was written with the fields."""
        spelled = {
            plain(word): field for field, one in known.items() for word in (one.name, *one.also)
        }
        names = sorted(one.name for one in known.values())
        given: dict[str, object] = {}
        for written, held in value.items():
            field = spelled.get(plain(str(written)))
            if field is None and isinstance(written, int) and held is None:
                raise BadInput(
                    f"{where}: a comma inside braces parts entries, so {written} stands alone: "
                    "write the number without commas, as in 1500."
                )
            if field is None:
                raise BadInput(
                    f"{where}: unknown key {short(str(written))}; the keys are {names}."
                    f"{suggestion(written, names)}"
                )
            if field in given:
                raise BadInput(f"{where}: {known[field].name} stands twice: keep one.")
            given[field] = held
        return given

    def write(self, value: Any) -> Any:
        """Return the mapping, without what is as by default, or its shorthand."""
        made = {}
        for field, one in keys(self.model).items():
            held = getattr(value, field)
            if one.needed or held != one.default:
                made[one.name] = one.kind.write(held)
        return made if self.shorten is None else self.shorten(made)

    def schema(self) -> dict[str, Any]:
        """Return a reference to the part of the schema."""
        part = {"$ref": f"#/$defs/{self.title}"}
        if self.shorthand is None:
            return part
        return {"anyOf": [part, {"type": ["string", "number", "array", "boolean"]}]}

    def definition(self) -> dict[str, Any]:
        """Return the part of the schema."""
        known = keys(self.model).values()
        return {
            "type": "object",
            "description": (self.model.__doc__ or "").partition("\n")[0],
            "properties": {
                one.name: {"description": one.meaning} | one.kind.schema() for one in known
            },
            "required": [one.name for one in known if one.needed],
            "additionalProperties": False,
        }
