"""Schools that are no usual workplace of a plan: detention, hospitals, and the like.

Public files list them under the district, but another body often runs and staffs them. No one is
hired there unless a plan names the school. The CRDC marks juvenile justice facilities; hospitals
and the rest are told by their names, and a plan lists whom it left out.
"""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"\b(hospital|hosp|detention|juvenile|j\.?\s?j\.?\s?a\.?\s?e\.?\s?p|jail|correctional|"
    r"corrections|residential treatment|psychiatric|homebound)\b",
    re.IGNORECASE,
)


def is_institution(name: str, *, juvenile: bool = False) -> bool:
    """Return whether a school is a facility by its mark or its name.

    Parameters
    ----------
    name
        As published.
    juvenile
        Whether the CRDC marks it as a long-term juvenile justice facility.
    """
    return juvenile or _NAMED.search(name) is not None
