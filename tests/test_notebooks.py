"""The notebook of the tutorial runs from top to bottom, and answers show their numbers."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import nbformat
import polars as pl
import pytest
from nbclient import NotebookClient

from homeroom.api import Homeroom

ROOT = Path(__file__).resolve().parents[1]
TUTORIAL = ROOT / "docs" / "tutorial"
PLAN = {
    "name": "Half",
    "place": "Austin ISD",
    "start": 2026,
    "years": 1,
    "officers": {"end": "half"},
}


@pytest.fixture(scope="module")
def notebook(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook as it is after a run in a folder of its own."""
    book = nbformat.read(TUTORIAL / "district-panel.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells), "commit it without its outputs"
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOMEROOM_STORE", str(starter_store))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
        ).execute()
    book.metadata["folder"] = str(folder)
    return book


def shown(book: Any, word: str) -> dict[str, str]:
    """What the cell whose code has a word shows, by media type."""
    cell = next(one for one in book.cells if one.cell_type == "code" and word in one.source)
    return next(dict(out["data"]) for out in cell.outputs if "data" in out)


@pytest.mark.filterwarnings("default")  # of ZMQ and the event loop, none of which is ours
def test_five_lines_make_a_panel_that_a_model_takes(notebook: Any) -> None:
    first = next(one for one in notebook.cells if one.cell_type == "code")
    lines = [line for line in first.source.splitlines() if line and not line.startswith("import")]
    assert len(first.source.split("\nready")[0].strip().splitlines()) - 1 <= 5
    assert len(lines) <= 4
    panel = pl.read_parquet(Path(notebook.metadata["folder"]) / "panel.parquet")
    assert panel.height > 100
    assert panel["leaid"].n_unique() == panel.height
    assert panel.select(pl.col("count", "students").null_count()).row(0) == (0, 0)


@pytest.mark.filterwarnings("default")
def test_the_answers_of_the_notebook_are_shown(notebook: Any) -> None:
    assert "rate_per_10000" in shown(notebook, "room.panel")["text/html"]
    assert "times the rate" in shown(notebook, "linalg")["text/html"]
    assert "Ratio of rates" in shown(notebook, "room.ratio")["text/html"]
    assert "vega-lite" in shown(notebook, "room.chart")["text/html"]
    assert "definitions" in shown(notebook, "room.check")["text/html"]


def test_answers_are_short_in_a_line_and_whole_in_a_display(room: Homeroom) -> None:
    article = room.article("Schools arrested 70,000 students. Police make schools safer, she said.")
    for answer, word in (
        (room.check("six-times"), "stated"), (room.profile("Austin ISD"), "Arrests"),
        (room.plan(PLAN), "dollars"), (article, "claim"),
        (room.picture("rates", "Austin ISD"), "Austin"),
    ):  # fmt: skip
        assert len(repr(answer)) < 200, type(answer)
        assert len(answer._repr_html_()) < 40_000
        assert word in answer._repr_html_()


def test_a_frame_shows_count_rate_and_interval_before_long_texts(room: Homeroom) -> None:
    frame = room.rate("arrests", "Austin ISD", by="race")
    names = ("count", "rate_per_10000", "low", "high", "doubtful")
    assert all(f"<th>{name}</th>" in frame._repr_html_() for name in names)
    assert all(text in repr(frame) for text in ("454", "55.91", "50.90", "61.28"))
    assert all("more columns" in text for text in (repr(frame), frame._repr_html_()))
    assert type(frame.filter(pl.col("group") == "black")) is pl.DataFrame
    assert frame.columns[0] == "place"


def test_a_chart_is_an_altair_chart(room: Homeroom) -> None:
    made = room.chart("rates", "Austin ISD").to_dict()
    assert "vega-lite" in made["$schema"]
    assert "Austin" in str(made["title"])


def test_the_app_runs_without_a_browser(
    starter_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("marimo")
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    app = runpy.run_path(str(TUTORIAL / "place_app.py"))["app"]
    _outputs, defined = app.run()
    assert defined["chosen"] == "lea:4808940"
    assert defined["rates"].height == 8
