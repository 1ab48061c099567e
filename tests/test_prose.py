"""The prose linter: it finds what the style guide avoids, and finds none of it here."""

from __future__ import annotations

import pytest

from scripts import lint_prose

GUIDE = (lint_prose.ROOT / lint_prose.GUIDE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("What the data at hand say.", 1),
        ("The 95 % interval of its colour.", 2),
        ("The 95% interval; 20 percent of students.", 0),
        ("Counseling, not counsellor; centre-left.", 2),
        ("A quoted \u201cProgramme\u201d. prose-ok", 0),
    ],
)
def test_each_word_that_the_guide_avoids_is_found(line, found) -> None:
    assert len(list(lint_prose.complaints(line, lint_prose.rules(GUIDE)))) == found


def test_only_strings_that_people_read_are_looked_at() -> None:
    source = 'key = "behaviour"\ntext = "It says nothing of behaviour at school."\n'
    assert [text for _, text in lint_prose.told_in_code(source)] == [
        "It says nothing of behaviour at school."
    ]


def test_pages_docs_and_messages_keep_to_the_guide(capsys) -> None:
    assert lint_prose.main() == 0, capsys.readouterr().out
