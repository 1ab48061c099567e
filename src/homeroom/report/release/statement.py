"""What a release says of itself, to everyone: what is hidden, what is proved, and what is not."""

from __future__ import annotations

from homeroom.records.publish.release import Release


def statement(release: Release) -> tuple[str, ...]:
    """Return the public statement of the guarantee, a paragraph each. It holds no count of a child.

    Parameters
    ----------
    release
        Audited.
    """
    policy, audit = release.policy, release.audit
    low, high = policy.range
    first = f"Counts from {0 if policy.zeros else 1} to {policy.minimum - 1} are not shown."
    if not audit.small:
        return (f"{first} There are none in these tables, so nothing is hidden.",)
    said = [
        (
            f"{first} Other counts are hidden too, so that these can't be worked out. Every hidden "
            f"count carries the same sign, {policy.marker}; it doesn't say which kind a count is."
        ),
        (
            "Guarantee: from all that is shown here, nobody can work out more of a hidden small "
            f"count than a range that holds every number from {low} to {high}. This was proved: "
            "for each of them there are other tables, in whole numbers, that equal this one in "
            f"all that is shown, one with {low} or fewer in its place and one with {high} or more."
        ),
        _rates(release),
        "Not covered: what a reader knows from elsewhere, such as a count that someone else "
        "published; and what somebody who knows how the hidden cells were chosen could guess from "
        "the choice. "
        + (
            "Zeros are hidden as small counts are."
            if policy.zeros
            else "Zeros are shown unless they protect another count, so a hidden count is seldom 0."
        ),
    ]
    if release.public_before:
        said.append(
            f"An earlier release shows {release.public_before:,} of the small counts. Nothing can "
            "hide them any more."
        )
    return tuple(said)


def _rates(release: Release) -> str:
    if release.bands:
        return (
            "Rates of hidden counts stand in bands, such as 10% or less. Each band holds the whole "
            "range, and the proof takes them into account."
        )
    return (
        "Rates, shares, and differences of hidden counts are left out, since a rate to a tenth "
        "of a percent usually gives the count away."
    )
