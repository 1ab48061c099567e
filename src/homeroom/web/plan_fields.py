"""The fields of the plan form: which key of a plan document each one fills, and how it is asked.

A field holds what a person would write in the document, so that the document's own reader says
what is wrong with it. Fields of an option come once for each of the four; the others hold for all.
"""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.plans.document import STEPS
from homeroom.plans.format.staffing import PAYERS
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.vocabulary.waves import WAVES
from homeroom.web.params import Parameter

OPTIONS = ("", "_2", "_3", "_4")
"""Endings of the fields of up to four options; those of the first have none."""
PRICED = ("officer", "guard", *SUPPORT)
OFFICERS = {"keep": "Keep all", "half": "End half", "all": "End all"}
_BLANK = {"": "keep", "_2": "", "_3": "", "_4": ""}
_NAMES = {"": "My plan", "_2": "Second option", "_3": "Third option", "_4": "Fourth option"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    Attributes
    ----------
    name
        Of the parameter in the address.
    path
        Of the key in the document, parted by dots.
    label, hint
        What is asked, and an example of an answer.
    choices
        Answers to choose from, with their words; empty for free text.
    lines
        Whether the answer may have several lines.
    listed
        Whether commas part the answer into a list.
    """

    name: str
    path: str
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    lines: bool = False
    listed: bool = False

    def parameter(self, end: str = "") -> Parameter:
        """Return the field as a parameter of an address."""
        longest = 1500 if self.lines else 200
        if self.choices:
            return Parameter(self.name + end, f"{self.label}.", "choice", default="",
                             choices=("", *(name for name, _ in self.choices)))  # fmt: skip
        hint = f", as in {self.hint}" if self.hint and not self.lines else ""
        return Parameter(self.name + end, f"{self.label}{hint}.", default="", longest=longest,
                         lines=self.lines)  # fmt: skip


def _choices(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name.replace("_", " ").capitalize()) for name in names)


PAYER = Field(
    "paid_by", "paid_by", "Who pays the officers?",
    choices=(("district", "The school district"), ("city", "The city"), ("county", "The county"),
             ("state", "The state"), ("unknown", "I don't know")),
)  # fmt: skip
"""The second of the three questions that the form starts with."""
SECTIONS: dict[str, tuple[Field, ...]] = {
    "Who employs and pays the officers": (
        Field("paid_shares", "paid_by", "Shares, where several pay", "district: 60%, city: 40%"),
        Field("employed_by", "employed_by", "Who employs them",
              choices=_choices(*PAYERS, "unknown")),
        Field("notice", "agreement.notice", "Notice in the agreement", "6 months"),
        Field("exit_cost", "agreement.exit_cost", "Cost of leaving it ($)", "250,000"),
        Field("mou", "agreement.source", "Which agreement", "MOU of 2023, section 4"),
        *(Field(name, f"officer_costs.{name}", f"{name.capitalize()} an officer and year ($)")
          for name in ("overtime", "vehicles", "equipment", "training", "liability")),
        Field("guards_paid", "guards_paid_by", "Who pays the guards",
              choices=_choices(*PAYERS, "unknown")),
    ),
    "The district today, in place of older public figures": (
        Field("t_year", "today.year", "School year of these figures", "2025-26"),
        Field("t_source", "today.source", "Who says so", "human resources"),
        Field("t_students", "today.enrollment", "Students enrolled", "72,000"),
        *(Field(f"t_{role}", f"today.staff.{role}", f"{ROLES[role].label}, full-time posts")
          for role in PRICED),
        *(Field(f"s_{role}", f"today.salaries.{role}", f"{ROLES[role].label}, average pay ($)")
          for role in PRICED),
        Field("baseline", "baseline", "Public figures to start from",
              choices=tuple((w, w) for w, one in WAVES.items() if not one.pandemic)),
    ),
    "Your own prices (a post and year, in dollars)": (
        *(Field(f"price_{role}", f"prices.{role}.central", ROLES[role].label) for role in PRICED),
        Field("price_year", "", "Dollars of which school year", "2026"),
        Field("grow_pay", "yearly_growth.wages", "Yearly growth of pay", "3%"),
        Field("grow_rest", "yearly_growth.prices", "Yearly growth of other prices", "2%"),
        Field("index", "price_index", "Price index, by its id"),
    ),
    "Budget, posts, and time": (
        Field("fiscal", "fiscal_year", "Month in which the fiscal year begins", "July"),
        Field("step", "step", "Smallest part of a post at a school", choices=_choices(*STEPS)),
        Field("vacancies", "hiring.vacancies", "Share of new posts vacant", "8%"),
        Field("fill", "hiring.months_to_fill", "Time to fill a post", "4 months"),
        *(Field(f"r_{role}", f"ratios.{role}", f"Students per post: {ROLES[role].label.lower()}")
          for role in SUPPORT),
    ),
    "A grant": (
        Field("g_source", "grant.source", "Who gives it", "the state"),
        Field("g_amount", "grant.amount", "Dollars a year", "500,000"),
        Field("g_share", "grant.share", "Or a share of what it pays for", "50%"),
        Field("g_for", "grant.pays_for", "What it pays for", "hire, programs", listed=True),
        Field("g_act", "grant.act", "Under the Act: which version", "2025"),
        Field("g_start", "grant.starts", "First school year", "2027"),
        Field("g_years", "grant.years", "For how many years", "2"),
        Field("g_match", "grant.match", "The district's match", "25%"),
        Field("g_then", "grant.afterwards", "When it ends",
              choices=(("district", "The district pays on"), ("end", "What it paid for ends"))),
    ),
}  # fmt: skip
"""Fields that hold for all options, by the heading of their part of the form."""
OWN: tuple[Field, ...] = (
    Field("end", "officers.end", "Or how many officers end", "12; 25%; 10%, half, all by year"),
    Field("at", "officers.schools", "At which schools", "high; or names", listed=True),
    Field("over", "officers.over", "Over how long", "18 months"),
    Field("guards_end", "guards.end", "Guards that end", "5; half"),
    Field("guards_leave", "transition.guards_leave_after", "Until guards leave", "6 months"),
    Field("begin", "transition.staff_start_after", "Until new staff begin", "6 months"),
    Field("hire_at", "hire.*.schools", "New staff at which schools", "high; or names", listed=True),
    Field("contract", "hire.*.contract", "Their contract", "10 months"),
    Field("hire_over", "hire.*.over", "Hired over how long", "12 months"),
    Field("spread", "spread", "Where new staff go first",
          choices=(("gaps", "The largest gaps"), ("students", "By students"), ("even", "Evenly"))),
    Field("once", "transition.one_off.central", "What the change costs once ($)", "100,000"),
    Field("programs", "programs", "Programs bought, one a line", lines=True,
          hint="mentoring: {schools: high, price: {central: 40000, source: quote}}"),
    Field("security", "security", "Security bought, one a line", lines=True,
          hint="unarmed staff: {units: 12, schools: high}"),
    Field("assume", "assumptions", "Your own assumptions, one a line", lines=True,
          hint="- {action: officers, outcome: arrests, central: 10%}"),
)  # fmt: skip
"""Further fields of each option."""


def _option(end: str) -> tuple[Parameter, ...]:
    """Return the parameters of one option: ``officers_2`` left blank is no second option."""
    hired = (
        Parameter(role + end, f"{ROLES[role].label} to hire, full-time.", "integer", default=0,
                  least=0, most=5000, longest=5)
        for role in SUPPORT
    )  # fmt: skip
    return (
        Parameter("name" + end, "What the option is called.", default=_NAMES[end], longest=80),
        Parameter("officers" + end, "What becomes of the officers.", "choice",
                  default=_BLANK[end], choices=tuple(OFFICERS)),
        Parameter("leave_after" + end, "Months until officers leave.", "integer", default=6,
                  least=0, most=36, longest=2),
        Parameter("officer" + end, "Officers to add, full-time.", "integer", default=0, least=0,
                  most=5000, longest=5),
        *hired,
        *(field.parameter(end) for field in OWN),
    )  # fmt: skip


FORM = (
    Parameter("place", "A district: lea:4808940, or its name.", default="", longest=120,
              example="lea:4808940"),
    Parameter("start", "First year.", "integer", default=2026, least=2000, most=2100, longest=4),
    Parameter("years", "How many years.", "integer", default=3, least=1, most=10, longest=2),
    Parameter("budget", "New local money a year, in dollars; empty: say what is needed.",
              default="", longest=16),
    PAYER.parameter(),
    *(field.parameter() for fields in SECTIONS.values() for field in fields),
    *(one for end in OPTIONS for one in _option(end)),
    Parameter("unverified", "Whether findings known only from reports are used.", "choice",
              default="", choices=("", "yes")),
    Parameter("yaml", "One to four plans as YAML, parted by lines of ---.", default="",
              longest=3000, lines=True),
)  # fmt: skip
