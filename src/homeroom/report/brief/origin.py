"""Methods, files with their hashes, and how to cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from homeroom.evidence.cited import context_files
from homeroom.evidence.store import PUBLIC
from homeroom.figures.backing import Backing
from homeroom.figures.nearest import Near
from homeroom.report.brief import national, options, students
from homeroom.report.brief.blocks import Block, Points, Section, Table
from homeroom.report.brief.evidence import Evidence, named
from homeroom.report.brief.subject import Subject
from homeroom.statistics.intervals import CLOPPER_PEARSON
from homeroom.statistics.ratio import SCORE
from homeroom.version import __version__


def edition(data_version: str, policy: str = "published", access: str = PUBLIC) -> str:
    """Say which data and which program made the brief, and if not everyone may see it."""
    said = f"Homeroom {__version__}, data version {data_version}"
    if policy != "published":
        said += f", policy {policy}"
    return said if access == PUBLIC else f"CONFIDENTIAL: records that are not public. {said}"


def methods(about: Subject, data_version: str) -> Section:
    """Say how the figures were made, and how to cite and make the brief again."""
    files = "The figures are of the US Department of Education, Office for Civil Rights, Civil "
    return Section("methods", "How the figures were made, and how to cite them", (
        Points("Methods", (
            ("Counts are the sums of what schools reported. A school that did not report is left "
            "out, together with its students; it is never taken as zero. Totals include students "
            "served under Section 504 only, for whom no race is published, so the groups add up to "
            "less than the total."),
            (f"Rates are students for every 10,000 enrolled, with the {CLOPPER_PEARSON.label} "
            f"({CLOPPER_PEARSON.source}). Ratios to white students carry the {SCORE.label} "
            f"({SCORE.source}). White students are the reference because the agency's tables and "
            "most public claims use it. Level: 95%. The interval says how much chance alone "
            "could move the figure; it does not cover wrong reports."),
            ("Nation and states come from the agency's own state tables where one exists. Schools "
            "with and without officers are compared as they are; no cause is read from that."),
            ("Research is the library that ships with Homeroom: each finding has its publication, "
            "design, grade and the place where it was read."),
        )),
        Points("How to cite", (
            (f"Homeroom, version {__version__}, data version {data_version}: brief on {about.name} "
            f"({about.area.place_id})."),
            f"{files}Rights Data Collection, in the files listed below; cite the agency too.",
        )),
        Points("To go further", _further(about)),
    ))  # fmt: skip


def _further(about: Subject) -> tuple[str, ...]:
    """Return the commands for whoever makes the brief again: they would halt readers elsewhere."""
    place = about.area.place_id
    said = [
        (f"`homeroom brief {place}`, with the same data version and plans, gives this file again "
         "to the byte.")
    ]  # fmt: skip
    if about.area.kind in ("district", "school"):
        said.append(
            "`--plan plan.yaml` sets options beside keeping as is (up to three); `--facts "
            "facts.yaml` answers the bill's questions with what the district knows."
        )
    return tuple(said)


def sources(
    about: Subject,
    found: Near | None,
    known: Evidence,
    plans: Mapping[str, Any] | None,
    rows: Iterable[Mapping[str, Any]],
) -> Section:
    """List every file behind the figures with its hash, the studies, and the rows behind costs."""
    table = Table(
        "Files behind the figures, with the SHA-256 that shows they are unchanged",
        ("File", "SHA-256"), _files(about, found), (0.49, 0.51), (False, False), digest=True,
    )  # fmt: skip
    blocks: list[Block] = [
        table, Points("Studies that may stand for effects", named(known), small=True)
    ]  # fmt: skip
    rows = list(rows)
    carried = options.carried(plans) if plans else ()
    blocks += [options.origins(rows, carried)] if rows else []
    return Section("sources", "Sources", tuple(blocks))


def _files(about: Subject, found: Near | None) -> tuple[tuple[str, ...], ...]:
    """Return the files behind every figure of the brief: the place's, and those beside it."""
    page = about.page
    figures: list[Backing] = [*page.outcomes, *page.staff, *page.screened]
    for table in (about.table(measure) for measure in students.OUTCOMES):
        figures += [one for _, one in about.beside(table.measure, table.wave)] if table else []
    peers = [] if found is None else [str(row["place"]) for row in found.rows]
    figures += [one for many in (found.figures.values() if found else ()) for one in many]
    files = {(one.title, one.name, one.sha256) for figure in figures for one in figure.sources}
    leas = [place[4:] for place in (about.area.place_id, *peers) if place.startswith("lea:")]
    files |= context_files(about.store, national.ITEMS, about.facts["state"], leas)
    return tuple((f"{title}: {name}", sha) for title, name, sha in sorted(files))
