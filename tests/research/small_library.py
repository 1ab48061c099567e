"""A library about bells and naps, to fill at will."""

from __future__ import annotations

from dataclasses import replace

from homeroom.research.library_files import Library
from homeroom.research.schema import (
    Design,
    Effect,
    Estimand,
    Grade,
    Intervention,
    MoreIs,
    Outcome,
    Scale,
    Source,
    Uncertainty,
    Verified,
)


def effect(number, source, **fields):
    made = Effect(
        effect_id=number,
        source_id=source,
        intervention="bells",
        outcome="naps",
        contrast="bells against none",
        subgroup="all",
        estimand=Estimand.EFFECT,
        design=Design.RCT,
        scale=Scale.PERCENTAGE_POINTS,
        uncertainty=Uncertainty.SE,
        quote_location="p. 1",
        url="https://example.org/x",
        verified=Verified.FULL_TEXT,
        direction=1,
        estimate=1.0,
        se=0.5,
    )
    return replace(made, **fields)


def source(name, study=None, **fields):
    made = Source(
        source_id=name,
        study=study or name.lower(),
        authors="A",
        title="T",
        venue="V",
        country="US",
        sample="all",
        funding="none",
        grade=Grade.STRONG,
        grade_reason="an experiment",
        year=2020,
        doi="10.1/x",
    )
    return replace(made, **fields)


def shelf(effects, sources, more_is=MoreIs.HARMFUL):
    return Library(
        interventions={"bells": Intervention("bells", "staff", "Bells", "A bell rings.")},
        outcomes={"naps": Outcome("naps", "Naps", more_is, "Sleep.")},
        sources={one.source_id: one for one in sources},
        effects={one.effect_id: one for one in effects},
        costs={},
        topics={},
    )
