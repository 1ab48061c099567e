"""A small app on one place: ``marimo run docs/tutorial/place_app.py`` opens it in a browser."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo

    import homeroom

    room = homeroom.open()
    return mo, room


@app.cell
def _(mo):
    place = mo.ui.text(value="Austin ISD", label="A district, a school, or a state")
    measure = mo.ui.dropdown(["arrests", "referrals", "oss"], value="arrests", label="Outcome")
    mo.hstack([place, measure], justify="start")
    return measure, place


@app.cell
def _(place, room):
    found = room.find(place.value, 1)
    chosen = found[0].id if found else "US"
    page = room.profile(chosen)
    return chosen, page


@app.cell
def _(chosen, measure, mo, page, room):
    chart = room.chart("rates", chosen, measure=measure.value)
    rates = room.rate(measure.value, chosen, by="race")
    mo.vstack([mo.Html(page._repr_html_()), chart, rates])
    return chart, rates


if __name__ == "__main__":
    app.run()
