"""State rules on officers and support staff: dated, cited, and three-valued."""

from homeroom.law.states.answers import Answer, Span, answers, ask, state_of, timeline
from homeroom.law.states.packs import NOT_ADVICE, TOPICS, Kind, Pack, Rule, pack, states

__all__ = [
    "NOT_ADVICE",
    "TOPICS",
    "Answer",
    "Kind",
    "Pack",
    "Rule",
    "Span",
    "answers",
    "ask",
    "pack",
    "state_of",
    "states",
    "timeline",
]
