"""The native engines that draw and typeset: text in, bytes out, nothing else.

The website runs these in processes of their own (`web/workers.py`), which may die without taking
it along. So nothing is imported here that those do not need.
"""

from __future__ import annotations

import re
from typing import Any

from homeroom.extras import needs

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_EPOCH = 0
"""No date of today goes into a file: the data version says how old the figures are."""


def warm() -> None:
    """Start the engine that draws, so that no reader's picture waits for it."""
    draw('{"mark": "bar", "data": {"values": []}}', "svg")


def draw(spec: str, kind: str) -> bytes:
    """Return a Vega-Lite specification drawn as ``svg``, or as ``png`` at twice the size.

    Parameters
    ----------
    spec
        JSON text.
    kind
        ``svg`` or ``png``.
    """
    with needs("web", "vl_convert"):
        import vl_convert  # noqa: PLC0415 - heavy, and needed only where something is drawn

    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2))
    return str(vl_convert.vegalite_to_svg(spec)).encode()


def typeset(template: str, data: str) -> bytes:
    """Return tagged, accessible pages (PDF/UA-1) of a Typst template.

    Parameters
    ----------
    template
        Typst source.
    data
        JSON text that the template reads as ``sys.inputs.data``.

    Raises
    ------
    BadInput
        No font has a letter of it: a PDF for everyone must not show an empty box instead.
    """
    with needs("brief", "typst"):
        import typst  # noqa: PLC0415 - heavy, and needed only where pages are set

    from homeroom.errors import BadInput  # noqa: PLC0415 - see above

    # Only the fonts inside Typst: the bytes must not hang on what a machine has installed.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    try:
        made: Any = typst.compile(
            template.encode(), font_paths=fonts, sys_inputs={"data": data},
            format="pdf", pdf_standards="ua-1", timestamp=_EPOCH,
        )  # fmt: skip
    except typst.TypstError as error:
        if found := _NO_GLYPH.search(str(error)):
            raise BadInput(
                f"Expected letters that the PDF's fonts have, found {found[1]!r}. Use another name "
                "for the place, or ask for the brief as HTML, which shows every letter."
            ) from error
        raise
    return bytes(made)
