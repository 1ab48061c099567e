"""School Survey on Crime and Safety (SSOCS): national context as weighted estimates.

The survey asks principals of a stratified sample of public schools. Its public-use files carry a
final weight and 50 jackknife replicate weights; :mod:`.estimate` turns a file into estimates with
standard errors for the questions of ``items.yaml``.
"""

from __future__ import annotations

from homeroom.sources.ssocs.estimate import MINIMUM_SCHOOLS, estimates
from homeroom.sources.ssocs.files import READERS, SsocsReader
from homeroom.sources.ssocs.items import YEARS, Domain, Item, Universe, catalogue

__all__ = [
    "MINIMUM_SCHOOLS",
    "READERS",
    "YEARS",
    "Domain",
    "Item",
    "SsocsReader",
    "Universe",
    "catalogue",
    "estimates",
]
