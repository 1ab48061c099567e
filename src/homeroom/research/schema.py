"""What the research library holds: findings, sources, costs, and the words they may use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verified(StrEnum):
    """Where the figures of an entry were read."""

    FULL_TEXT = "full_text"
    ABSTRACT = "abstract"
    SECONDARY = "secondary"

    @property
    def at_source(self) -> bool:
        """Whether the publication itself was read; a report about it does not verify it."""
        return self is not Verified.SECONDARY


class Grade(StrEnum):
    """How much weight a source's design can bear, best first."""

    STRONG = "strong"
    STRONG_MODERATE = "strong_moderate"
    MODERATE = "moderate"
    SUGGESTIVE = "suggestive"
    WEAK = "weak"


class Uncertainty(StrEnum):
    """What ``low`` and ``high`` are."""

    CI = "ci"
    SE = "se"
    RANGE = "range"
    NONE = "none"


class Estimand(StrEnum):
    """What a finding compares."""

    EFFECT = "effect"
    CONTRAST = "contrast"
    VARIANT = "variant"
    DESCRIPTIVE = "descriptive"


class Scope(StrEnum):
    """Whether a finding is about all that the study looked at, or a part."""

    WHOLE = "whole"
    PART = "part"


class Design(StrEnum):
    """How the comparison was made."""

    RCT = "RCT"
    FUZZY_RD = "fuzzy RD"
    DID = "DiD"
    FE_PANEL = "FE panel"
    IV = "IV"
    TIME_SERIES = "interrupted time series"
    MATCHED = "matched comparison"
    CROSS_SECTION = "cross-section"
    META_ANALYSIS = "meta-analysis"
    REVIEW = "review"
    NOT_STATED = "not_stated"


class Scale(StrEnum):
    """The unit of an estimate."""

    DIRECTION_ONLY = "direction_only"
    PERCENT_CHANGE = "percent_change"
    PERCENTAGE_POINTS = "percentage_points"
    RATE_PER_100 = "rate_per_100_students"
    SD = "SD"
    IRR = "incidence_rate_ratio"
    ODDS_RATIO = "odds_ratio"
    RATIO_OF_EFFECTS = "ratio_of_effects"
    RATIO_OF_REFERRED = "ratio_of_percent_referred"
    COUNT = "count"
    PERCENT_OF_INCIDENTS = "percent_of_incidents"
    PERCENT_OF_TIPS = "percent_of_tips"
    PERCENT_DETECTED = "percent_detected"
    PERCENT_OF_ASSESSMENTS = "percent_of_assessments"
    MEAN_ARRESTS = "mean_difference_arrests"
    SCALE_POINTS = "scale_points"
    PERCENTILE_POINTS = "percentile_points"

    @property
    def is_ratio(self) -> bool:
        """Whether no effect is 1 and pooling is done on the logarithm."""
        return self in {Scale.IRR, Scale.ODDS_RATIO}


class MoreIs(StrEnum):
    """What a rise in an outcome means for students."""

    HARMFUL = "harmful"
    BENEFICIAL = "beneficial"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Effect:
    """One finding of one source, as published.

    ``direction`` is the sign of the change in the outcome (1, -1, or 0 for no clear change), not
    a judgment. With ``estimate_reversed`` the estimate's sign is that of ``measured``, which
    runs against the outcome. ``restates`` names a finding of which this is the direction alone,
    read in the publication where the size is known only from a report. ``direction_reported`` is
    the authors' where one rule for all (``certainty``) takes it as no clear change.
    ``replaced_by`` names the finding that corrects this one.
    """

    effect_id: str
    source_id: str
    intervention: str
    outcome: str
    contrast: str
    subgroup: str
    estimand: Estimand
    design: Design
    scale: Scale
    uncertainty: Uncertainty
    quote_location: str
    url: str
    verified: Verified
    restates: str | None = None
    direction_reported: int | None = None
    replaced_by: str | None = None
    direction: int | None = None
    mixed: bool = False
    measured: str | None = None
    scope: Scope = Scope.WHOLE
    design_inferred: bool = False
    estimate: float | None = None
    estimate_reversed: bool = False
    se: float | None = None
    low: float | None = None
    high: float | None = None
    interval_computed: bool = False
    p_text: str | None = None
    baseline: str | None = None
    n: str | None = None
    notes: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One publication; sources of one ``study`` never count as independent of each other."""

    source_id: str
    study: str
    authors: str
    title: str
    venue: str
    country: str
    sample: str
    funding: str
    grade: Grade
    grade_reason: str
    year: int | None = None
    year_text: str | None = None
    study_note: str | None = None
    superseded_by: str | None = None
    doi: str | None = None
    url: str | None = None
    changed: str | None = None

    @property
    def link(self) -> str:
        """The address of the publication."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url or ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of an entry: what was wrong, what stands now, and where it was read."""

    correction_id: str
    entry: str
    field: str
    was: str
    now: str
    reason: str
    quote_location: str
    url: str
    verified: Verified
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Something that people say of some interventions and that no finding measures."""

    id: str
    label: str
    reason: str
    interventions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question told at a glance: some interventions and some outcomes."""

    id: str
    label: str
    interventions: tuple[str, ...]
    outcomes: tuple[str, ...]


class CostKind(StrEnum):
    """What sort of figure a cost is."""

    WAGE = "wage"
    FRINGE = "fringe"
    LOADED = "loaded"
    OBSERVED = "observed"
    SPENDING = "spending"
    TECHNOLOGY = "technology"
    PROGRAMME = "programme"
    FEDERAL = "federal"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost figure; ``basis`` says what low, central and high are, which differs by row."""

    cost_id: str
    kind: CostKind
    item: str
    unit: str
    source: str
    location: str
    verified: Verified
    year: str | None = None
    low: float | None = None
    central: float | None = None
    high: float | None = None
    basis: str | None = None
    role: str | None = None
    applies_to: tuple[str, ...] = ()
    load_factor: float | None = None
    hourly_total: float | None = None
    """Dollars an hour worked: what a load is derived from, with wages and paid leave."""
    hourly_wages: float | None = None
    hourly_paid_leave: float | None = None
    urls: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    derived: bool = False
    notes: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that a school can do."""

    id: str
    family: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that may change, and what a rise means for students."""

    id: str
    label: str
    more_is: MoreIs
    reason: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A question that people ask, and the interventions and outcomes that answer it."""

    id: str
    label: str
    interventions: tuple[str, ...]
    outcomes: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
