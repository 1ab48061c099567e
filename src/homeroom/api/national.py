"""What is known of the nation only: the survey of principals, and school shootings as counted."""

from __future__ import annotations

from typing import Literal

import polars as pl

from homeroom.evidence.store import Store


class National:
    """The national context; :class:`homeroom.api.Homeroom` adds all other questions."""

    store: Store

    def survey(
        self,
        item: str | None = None,
        domain: Literal["all", "level", "locale", "size", "minority"] = "all",
        year: int | None = None,
        *,
        theme: str | None = None,
    ) -> pl.DataFrame:
        """Return what principals report nationwide, with 95% intervals.

        Parameters
        ----------
        item
            A question, as ``officer``; its other wordings come with it. All questions if None.
        domain
            How schools are grouped.
        year
            Spring of one survey's school year; all years if None.
        theme
            All questions of a theme, instead of one.

        Returns
        -------
        polars.DataFrame
            The columns of :data:`homeroom.context.survey.COLUMNS`.

        Raises
        ------
        BadInput
            An unknown question, domain, theme, or year.
        NotAvailable
            The survey did not ask this, or its file lacks it.
        """
        from homeroom.context.survey import survey  # noqa: PLC0415  (loads SciPy)

        return survey(self.store, item, domain, year, theme=theme)

    def shootings(self) -> pl.DataFrame:
        """Return school shootings by school year and by what is recorded on officers.

        Returns
        -------
        polars.DataFrame
            See :func:`homeroom.context.shootings.shootings`; what the counts cannot show stands
            in :data:`homeroom.context.shootings.CANNOT`.

        Raises
        ------
        NotAvailable
            The store has no counts of shootings.
        """
        from homeroom.context.shootings import shootings  # noqa: PLC0415  (loads SciPy)

        return shootings(self.store)
