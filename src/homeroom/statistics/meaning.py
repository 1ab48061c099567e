"""What an interval, and a range, mean for figures that count everyone."""

from __future__ import annotations

INTERVAL = (
    "The civil rights data count every student, so the interval is not about a sample. It is about "
    "the chance in the year that was counted: it holds the rates at which the same schools, under "
    "the same conditions, could have produced this year's count, each student being counted or not "
    "independently of the others. Events that come in groups, as when one fight leads to five "
    "arrests, make the true uncertainty wider; errors of reporting are not in it at all."
)
"""The super-population reading of a census count."""

NOISE = (
    "Before release the Department of Education protects small counts. In 2017-18 it moved some "
    "counts by one student, up or down, and swapped some between schools; national and state "
    "totals were held close to the originals, district totals were not (2017-18 Technical "
    "Documentation, section 4). The interval does not include this noise. At one school the "
    "difference between one and two students may be noise alone."
)
"""What the publication's own protection does to a count."""

RANGE = (
    "The range shows the lowest and highest figures that the published counts allow when every "
    "count that was summed may be off by one in the least favorable direction at once. It is a "
    "range of what is possible, not an interval with a probability: most sums are off by far less. "
    "It covers the shift by one, not the swapping between schools."
)
"""How to read :func:`homeroom.statistics.perturbation.ratio_range`."""
