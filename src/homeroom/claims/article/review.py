"""A checked claim as schema.org's ClaimReview, which search engines and fact-check feeds read.

See https://schema.org/ClaimReview. A claim without a verdict has no review. Who publishes it adds
the address of the article that reviews the claim (``url``) and its date (``datePublished``).
"""

from __future__ import annotations

from typing import Any

RATINGS = {"holds": 5, "close": 4, "holds_under_some_definitions": 3, "does_not_hold": 1}
"""Verdicts on the scale from 1, worst, to 5, best."""
_BODIES = ("the ", "its ", "their ", "some ", "many ")


def claim_review(
    claimed: str, speaker: str | None, verdict: str, label: str, answer: str
) -> dict[str, Any] | None:
    """Return a ClaimReview; None for a verdict that is not on the scale.

    Parameters
    ----------
    claimed
        The claim in its speaker's words.
    speaker
        Who made it; None where the text itself does.
    verdict, label
        The verdict as a word of the vocabulary, and in words.
    answer
        What the data say, in a sentence.
    """
    if verdict not in RATINGS:
        return None
    reviewed: dict[str, Any] = {"@type": "Claim"}
    if speaker:
        body = speaker.lower().startswith(_BODIES)
        reviewed["author"] = {"@type": "Organization" if body else "Person", "name": speaker}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": claimed,
        "itemReviewed": reviewed,
        "author": {"@type": "Organization", "name": "Homeroom"},
        "reviewBody": answer,
        "reviewRating": {
            "@type": "Rating", "ratingValue": RATINGS[verdict], "bestRating": 5, "worstRating": 1,
            "alternateName": label,
        },
    }  # fmt: skip
