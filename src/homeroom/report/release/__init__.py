"""A release of small counts as files to publish: CSV, HTML, PDF, and the policy."""

from homeroom.report.release.statement import statement
from homeroom.report.release.writing import as_csv, as_html, as_pdf, write_release

__all__ = ["as_csv", "as_html", "as_pdf", "statement", "write_release"]
