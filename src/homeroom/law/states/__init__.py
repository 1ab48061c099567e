"""State rules on officers and support staff: dated, cited, and three-valued."""

from homeroom.law.states.answers import (
    READ,
    Answer,
    Span,
    answers,
    ask,
    read_on,
    state_of,
    timeline,
)
from homeroom.law.states.collision import Collision, collisions
from homeroom.law.states.packs import NOT_ADVICE, TOPICS, Kind, Pack, Rule, pack, states

__all__ = [
    "NOT_ADVICE",
    "READ",
    "TOPICS",
    "Answer",
    "Collision",
    "Kind",
    "Pack",
    "Rule",
    "Span",
    "answers",
    "ask",
    "collisions",
    "pack",
    "read_on",
    "state_of",
    "states",
    "timeline",
]
