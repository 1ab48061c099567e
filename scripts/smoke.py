"""Try what a person tries first, with whatever versions are installed: ``python scripts/smoke.py``.

Plain, it needs the package alone. ``--extras`` also draws a chart, sets a brief, asks the website,
and makes the server for assistants. ``--bare`` checks what is said where an extra is missing.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import homeroom
from homeroom.errors import BadInput
from homeroom.evidence.build import build


def core(store: Path) -> None:
    """Build, open, and ask."""
    build([], store)
    with homeroom.open(store) as room:
        assert room.find("asutin isd")[0].id == "lea:4808940"
        assert room.rate("arrests", "Austin ISD", by="race").height > 1
        assert room.ratio("arrests", "black", "white", "Austin ISD").value is not None
        assert str(room.check("six-times").verdict)
        assert room.profile("Austin ISD").sentences
        assert room.plan(
            {"name": "Half", "place": "Austin ISD", "start": 2026, "years": 1,
             "officers": {"end": "half"}}
        ).cost()  # fmt: skip
        assert room.article("Schools arrest many students, she said.").text
        assert room.picture("rates", "Austin ISD").title


def extras(store: Path, folder: Path) -> None:
    """Use what the extras bring."""
    from starlette.testclient import TestClient

    from homeroom.mcp.server import create_server
    from homeroom.web.app import create_app
    from homeroom.web.settings import Settings

    with homeroom.open(store) as room:
        room.chart("rates", "Austin ISD", out=folder / "rates.svg")
        room.brief("Austin ISD", folder / "brief.pdf")
        assert (folder / "brief.pdf").read_bytes().startswith(b"%PDF")
        assert create_server(room).name == "homeroom"
        patient = Settings(seconds=120)  # a machine that does other work, too, fails nothing
        client = TestClient(create_app(room, patient), base_url="http://127.0.0.1")
        for address in ("/", "/place/lea:4808940", "/api/v1/rates?place=TX", "/claims"):
            assert client.get(address).status_code == 200, address


def without_extras(folder: Path, store: Path) -> None:
    """Check that what an extra brings is refused in words, and names the extra."""
    with homeroom.open(store) as room:
        for name, ask in (
            ("web", lambda: room.chart("rates", "Austin ISD", out=folder / "rates.svg")),
            ("brief", lambda: room.brief("Austin ISD", folder / "brief.pdf")),
        ):
            said = ""
            try:
                ask()
            except BadInput as error:
                said = str(error)
            assert f"homeroom[{name}]" in said, f"without the extra {name}: {said or 'no refusal'}"


def main() -> int:
    """Run, and say with what."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        store = folder / "store.duckdb"
        core(store)
        if "--extras" in sys.argv[1:]:
            extras(store, folder)
        elif "--bare" in sys.argv[1:]:
            without_extras(folder, store)
    print(f"Homeroom {homeroom.__version__} works with Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
