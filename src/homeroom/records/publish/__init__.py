"""Safe publication: hide small counts and what would give them away, and prove that it holds."""

from homeroom.records.publish.cells import Dimension, Fact, Key, Linked, linked, totals
from homeroom.records.publish.certificate import certificate, write_certificate
from homeroom.records.publish.pattern import Pattern
from homeroom.records.publish.policy import Policy
from homeroom.records.publish.reading import CountFile, read_counts
from homeroom.records.publish.release import Release, Table, publish
from homeroom.records.publish.suppression import suppress
from homeroom.records.publish.verify import Verified, compare, verify

__all__ = [
    "CountFile",
    "Dimension",
    "Fact",
    "Key",
    "Linked",
    "Pattern",
    "Policy",
    "Release",
    "Table",
    "Verified",
    "certificate",
    "compare",
    "linked",
    "publish",
    "read_counts",
    "suppress",
    "totals",
    "verify",
    "write_certificate",
]
