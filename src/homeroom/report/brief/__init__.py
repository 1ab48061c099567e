"""A brief for a board packet: four to eight pages, or one HTML file, from the same content."""

from homeroom.report.brief.blocks import BriefContent
from homeroom.report.brief.content import brief
from homeroom.report.brief.render import as_html, as_pages, as_pdf, check_name, pages_of, write

__all__ = [
    "BriefContent",
    "as_html",
    "as_pages",
    "as_pdf",
    "brief",
    "check_name",
    "pages_of",
    "write",
]
