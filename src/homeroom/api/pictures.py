"""Charts and briefs of a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeroom.api.choices import ChartKind, Measure, Policy, Wave
from homeroom.evidence.resolve import resolve
from homeroom.evidence.store import Store
from homeroom.extras import needs

if TYPE_CHECKING:
    import altair as alt

    from homeroom.law.act import LeaFacts
    from homeroom.report.brief import BriefContent
    from homeroom.report.picture import Picture


class Pictures:
    """What is drawn and typeset; :class:`homeroom.api.Homeroom` adds all others."""

    store: Store

    def chart(
        self,
        kind: ChartKind,
        place: str = "US",
        *,
        measure: Measure = "arrests",
        wave: Wave | None = None,
        policy: Policy = "published",
        out: str | Path | None = None,
    ) -> alt.TopLevelMixin:
        """Return a chart of a place as an Altair chart, which a notebook shows.

        Parameters
        ----------
        kind
            ``rates`` by race in a wave, ``staff`` in a wave, or ``waves``: rates over all of them.
        place, measure, policy
            As for :meth:`rate`.
        wave
            As for :meth:`rate`; ``waves`` takes none.
        out
            A file to draw it into, SVG or PNG by the name's ending (extra ``web``).

        Raises
        ------
        BadInput
            A value that does not exist, or a file name of another kind.
        NotAvailable
            The store holds no such figures.
        """
        made = self.picture(kind, place, measure=measure, wave=wave, policy=policy)
        if out is not None:
            made.save(Path(out))
        chart: alt.TopLevelMixin = made.altair()
        return chart

    def picture(
        self,
        kind: ChartKind,
        place: str = "US",
        *,
        measure: Measure = "arrests",
        wave: Wave | None = None,
        policy: Policy = "published",
    ) -> Picture:
        """Return the same with its title, alternative text, source, and table.

        Parameters
        ----------
        kind, place, measure, wave, policy
            As for :meth:`chart`.
        """
        from homeroom.report import place_charts  # noqa: PLC0415  (charts are slow to import)

        return place_charts.picture(
            self.store, kind, resolve(self.store, place).place_id, measure, wave, policy
        )

    def brief(
        self,
        place: str,
        out: str | Path | None = None,
        *,
        name: str | None = None,
        plans: Mapping[str, Any] | None = None,
        facts: LeaFacts | None = None,
        policy: Policy = "published",
    ) -> BriefContent:
        """Return a brief of a place for a board packet.

        Parameters
        ----------
        place, policy
            As for :meth:`rate`.
        out
            A file to write it into, PDF or HTML by the name's ending.
        name
            What the brief calls the place, where its name in the files is odd.
        plans
            Plans as :func:`homeroom.plans.breakeven.compared` gives them.
        facts
            What is known of the district for the bill's questions.

        Raises
        ------
        BadInput
            A file name of another kind.
        UnknownPlace
            The store has no such place.
        """
        with needs("brief", "typst", "jinja2"):
            from homeroom.report import brief  # noqa: PLC0415  (typesetting is slow to import)

        if out is not None:
            brief.check_name(Path(out))
        content = brief.brief(
            self.store,
            resolve(self.store, place).place_id,
            name=name,
            plans=plans,
            facts=facts,
            policy=policy,
        )
        if out is not None:
            brief.write(content, Path(out))
        return content
