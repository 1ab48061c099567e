"""The server's pages as files: links lead to files, and what needs a server says so."""

from __future__ import annotations

import posixpath
import re
from html import escape, unescape

from homeroom.web.edition.rendering import OWN
from homeroom.web.edition.scope import Edition

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'{live}; base-uri 'none'; object-src 'none'"
)
_ANCHOR = re.compile(r'<a\b([^>]*?)\bhref="(/[^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(href|src|srcset|action)="(/[^"]*)"')
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_FIGURE = re.compile(r'<figure class="chart" data-chart>.*?</figure>', re.DOTALL)
_EXPLORE = re.compile(r'\s*<li class="needs-script">.*?</li>', re.DOTALL)
_DEAD_ITEM = re.compile(r"\s*<li>\s*<span data-gone[^>]*>.*?</span>\s*</li>", re.DOTALL)
_EMPTY_LIST = re.compile(r'\s*<ul class="tools"[^>]*>\s*</ul>')
_GONE = re.compile(r"<span data-gone>(.*?)</span>", re.DOTALL)
_FORM = re.compile(r'<form\b([^>]*)\baction="(/[^"]*)"([^>]*)>(.*?)</form>', re.DOTALL)
_METHOD_FIRST = re.compile(r'<form method="post" action="(/[^"]*)"([^>]*)>(.*?)</form>', re.DOTALL)
_SCRIPT = '<script type="module" src="/static/site.js"></script>'
_OWN_SCRIPT = '<script type="module" src="/static/edition.js"></script>'
_IMAGE = re.compile(r'\s*<meta property="og:image"[^>]*>')
_INDENT = re.compile(r"\n\s*")
_KEPT = re.compile(r"(<pre\b.*?</pre>|<textarea\b.*?</textarea>)", re.DOTALL)


def as_file(edition: Edition, page: str, file: str) -> str:
    """Return a page of the server as a file of an edition.

    Parameters
    ----------
    edition
        What the edition holds.
    page
        HTML as the server made it, with the edition's address as its own.
    file
        The file's path in the edition.
    """
    page = _own_addresses(edition, page)
    page = _IMAGE.sub("", page).replace(_SCRIPT, _OWN_SCRIPT)
    live = f" {edition.live}" if edition.live else ""
    policy = _POLICY.format(live=live)
    page = page.replace(
        '<meta charset="utf-8">',
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">',
        1,
    )
    page = _FIGURE.sub(lambda found: _figure(edition, found[0]), page)
    page = _METHOD_FIRST.sub(lambda found: _form(edition, found[1], found[0]), page)
    page = _FORM.sub(lambda found: _form(edition, found[2], found[0]), page)
    page = _ANCHOR.sub(lambda found: _anchor(edition, file, found), page)
    page = _EMPTY_LIST.sub("", _DEAD_ITEM.sub("", page))
    page = _GONE.sub(lambda found: found[1], page)
    page = _ATTRIBUTE.sub(lambda found: _attribute(edition, file, found), page)
    return _narrow(page)


def relative(target: str, file: str) -> str:
    """Return the path from one file of an edition to another."""
    return posixpath.relpath(target, posixpath.dirname(file) or ".")


def _own_addresses(edition: Edition, page: str) -> str:
    """Write permalinks and citations as the edition's own addresses."""
    pattern = re.compile(re.escape(OWN) + r'(/[^\s"<}]*)?')

    def own(found: re.Match[str]) -> str:
        address, _, fragment = unescape(found[1] or "/").partition("#")
        target = edition.file_of(address.rstrip(".")) if found[1] else "index.html"
        if target is None:
            return escape(edition.url + address)
        at = f"#{fragment}" if fragment else ""
        return escape(f"{edition.url}/{'' if target == 'index.html' else target}{at}")

    return pattern.sub(own, page)


def _target(edition: Edition, file: str, address: str) -> str | None:
    plain, _, fragment = unescape(address).partition("#")
    target = edition.file_of(plain)
    if target is None:
        return None
    found = "" if target == file and fragment else relative(target, file)
    return escape(f"{found}#{fragment}" if fragment else found)


def _anchor(edition: Edition, file: str, found: re.Match[str]) -> str:
    """Lead a link to its file; where there is none, to the running server, or leave its words."""
    before, address, after, words = found.groups()
    target = _target(edition, file, address)
    if target is None and edition.live:
        target = edition.live + address
    if target is None:
        return f"<span data-gone>{words}</span>"
    return f'<a{before}href="{target}"{after}>{words}</a>'


def _attribute(edition: Edition, file: str, found: re.Match[str]) -> str:
    target = _target(edition, file, found[2])
    return found[0] if target is None else f'{found[1]}="{target}"'


def _figure(edition: Edition, figure: str) -> str:
    """Drop the picture of a chart that has no file; its table stays and opens."""
    pictured = re.search(r'<img src="(/chart/[^"]*)"', figure)
    if pictured and edition.file_of(unescape(pictured[1])) is None:
        figure = _EXPLORE.sub("", _PICTURE.sub("", figure))
        return figure.replace('<figure class="chart" data-chart>', '<figure class="chart">', 1)
    return figure


def _form(edition: Edition, action: str, form: str) -> str:
    """Keep the search, which the edition answers itself; send others to a server, or explain."""
    if action == "/search":
        return form.replace('action="/search"', 'action="/search" data-search', 1)
    if edition.live:
        return form.replace(f'action="{action}"', f'action="{edition.live}{action}"', 1)
    if action == "/map":
        states = "".join(
            f'<li><a href="/map?state={state}">{state}</a></li>' for state in edition.states
        )
        return f'<p>Districts of a state:</p><ul class="tools">{states}</ul>'
    return (
        '<p class="quiet">This copy of Homeroom is made of files and answers no new questions here.'
        " <code>homeroom serve</code> on your own machine does.</p>"
    )


def _narrow(page: str) -> str:
    """Leave out the indentation of the templates, which nobody sees."""
    parts = _KEPT.split(page)
    return (
        "".join(
            part if at % 2 else _INDENT.sub("\n", part) for at, part in enumerate(parts)
        ).strip()
        + "\n"
    )
