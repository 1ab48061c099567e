"""Another site's page uses the data: it fetches JSON, draws a chart, and reads part of a table."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>A newsroom</title><body></body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(page: Page) -> Iterator[Page]:
    """A page of another origin, which complains of nothing."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    server.shutdown()
    thread.join()
    server.server_close()
    assert problems == []


def test_a_script_fetches_json_and_reads_its_headers(elsewhere: Page, site: str) -> None:
    found = elsewhere.evaluate(
        """async (site) => {
          const answer = await fetch(`${site}/api/v1/rates?place=US&by=race`);
          const rows = (await answer.json()).data;
          return {rows: rows.length, version: answer.headers.get("X-Homeroom-Data-Version"),
                  link: answer.headers.get("Link")};
        }""",
        site,
    )
    assert found["rows"] == 8
    assert len(found["version"]) == 12
    assert 'rel="describedby"' in found["link"]


def test_a_text_is_sent_from_another_site(elsewhere: Page, site: str) -> None:
    said = elsewhere.evaluate(
        """async (site) => (await (await fetch(
          `${site}/api/v1/article`, {method: "POST", body: JSON.stringify({text: "Six times."}),
          headers: {"Content-Type": "application/json"}})).json()).status""",
        site,
    )
    assert said == "ok"


def test_a_chart_is_drawn_and_its_pixels_are_read(elsewhere: Page, site: str) -> None:
    width = elsewhere.evaluate(
        """async (site) => {
          const drawn = new Image();
          drawn.crossOrigin = "anonymous";
          drawn.src = `${site}/chart/states.png`;
          await drawn.decode();
          const canvas = document.createElement("canvas");
          canvas.width = drawn.naturalWidth; canvas.height = 10;
          canvas.getContext("2d").drawImage(drawn, 0, 0);
          canvas.getContext("2d").getImageData(0, 0, 10, 10);  // refused of a tainted canvas
          const plain = new Image();
          plain.src = `${site}/chart/rates.svg?place=US-TX`;
          await plain.decode();
          return [drawn.naturalWidth, plain.naturalWidth];
        }""",
        site,
    )
    assert min(width) > 300


def test_a_parquet_table_is_read_by_range(elsewhere: Page, site: str) -> None:
    found = elsewhere.evaluate(
        """async (site) => {
          const address = `${site}/tables/place.parquet`;
          const head = await fetch(address, {method: "HEAD"});
          const size = Number(head.headers.get("Content-Length"));
          const part = async (range) => {
            const answer = await fetch(address, {headers: {Range: `bytes=${range}`}});
            return [answer.status, answer.headers.get("Content-Range"),
                    new Uint8Array(await answer.arrayBuffer())];
          };
          const [status, told, tail] = await part("-8");
          const view = new DataView(tail.buffer);
          const length = view.getUint32(0, true);
          const [, , footer] = await part(`${size - 8 - length}-${size - 9}`);
          const [, , start] = await part("0-3");
          const text = (bytes) => new TextDecoder("latin1").decode(bytes);
          return {status, told, size, magic: text(tail.slice(4)), start: text(start),
                  footer: text(footer)};
        }""",
        site,
    )
    assert found["status"] == 206
    assert found["told"] == f"bytes {found['size'] - 8}-{found['size'] - 1}/{found['size']}"
    assert found["magic"] == found["start"] == "PAR1"
    assert "data_version" in found["footer"]
    assert "latitude" in found["footer"]


def test_a_frame_takes_the_width_of_its_page_and_the_height_of_its_chart(
    elsewhere: Page, site: str
) -> None:
    home = elsewhere.url
    elsewhere.goto(f"{site}/chart/states")
    code = elsewhere.locator("#snippet").input_value()
    assert f"{site}/embed/resize.js" in code
    frame = code.partition("</iframe>")[0] + "</iframe>"
    heights = {}
    for width in (320, 700):
        elsewhere.goto(home)
        elsewhere.set_viewport_size({"width": width, "height": 900})
        elsewhere.evaluate(
            """([frame, address]) => { document.body.style.margin = 0;
               document.body.innerHTML = frame; const made = document.createElement("script");
               made.type = "module"; made.src = address; document.body.append(made); }""",
            [frame, f"{site}/embed/resize.js"],
        )
        elsewhere.wait_for_function(
            "() => document.querySelector('iframe').style.height !== '560px'"
        )
        box = elsewhere.locator("iframe").bounding_box()
        assert box is not None
        assert box["width"] == width
        inside = elsewhere.frames[1].evaluate(
            "() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
        )
        assert inside[0] <= box["height"] + 1
        assert inside[1] <= width
        heights[width] = box["height"]
    assert heights[320] != heights[700]
