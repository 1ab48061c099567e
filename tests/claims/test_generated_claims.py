"""A sample of the sentences of ``proofs/prove_claims.py``: none is misread."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from homeroom.claims.grammar import read
from homeroom.errors import Ambiguous

sys.path.insert(0, str(Path(__file__).parents[2]))  # the proofs are no part of the package
from proofs.claim_generator import sentences
from proofs.prove_claims import differing

MADE = list(sentences(seed=7, many=240))


@pytest.mark.parametrize("part", range(4))
def test_a_generated_sentence_is_read_as_meant_or_asked_about(part: int) -> None:
    answered = 0
    sound = [one for one in MADE[part::4] if one.claim is not None]
    for one in sound:
        try:
            found = read(one.sentence)
        except Ambiguous:
            continue
        assert differing(found, one.claim) == [], one.sentence
        answered += 1
    assert answered >= 0.95 * len(sound)


def test_a_sentence_with_words_that_no_figure_takes_into_account_gets_no_reading() -> None:
    for one in MADE:
        if one.claim is None:
            with pytest.raises(Ambiguous):
                read(one.sentence)
