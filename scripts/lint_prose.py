"""Hold templates, docs, and messages to the word lists of docs/style.md; list what breaks them.

Quoted titles and official names keep their spelling: a line with ``prose-ok`` is passed over.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = "docs/style.md"
_ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)
_PERCENT = re.compile(r"\d %(?![\w(])")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_MARKUP = re.compile(r"\{[%#{].*?[%#}]\}|<[^>]+>|https?://\S+", re.DOTALL)
_FEW = 4
"""Words of a string in code that is read by a person; shorter ones are mostly keys."""


def rules(guide: str) -> list[tuple[re.Pattern[str], str, str]]:
    """Return a pattern, what it finds, and what to write instead, for each row of the tables."""
    heads = {"Avoid", "Not", "---"}
    rows = [row for row in _ROW.findall(guide) if row[0] not in heads]
    return [(re.compile(rf"\b{re.escape(bad)}\b", re.IGNORECASE), bad, good) for bad, good in rows]


def complaints(
    text: str, known: list[tuple[re.Pattern[str], str, str]], first: int = 1
) -> Iterator[tuple[int, str]]:
    """Yield line and complaint for each word of a text that the guide avoids."""
    for number, line in enumerate(text.splitlines(), first):
        if "prose-ok" in line:
            continue
        for pattern, bad, good in known:
            if pattern.search(line):
                yield number, f"\u201c{bad}\u201d: write \u201c{good}\u201d"
        if _PERCENT.search(line):
            yield number, "no space before the percent sign"


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """Return a text with what a pattern finds made blank, its lines kept."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def told_in_code(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each string of a module that a person may read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = len(re.findall(r"[A-Za-z]{2,}", node.value))
            if words >= _FEW and not re.search(r"\\[bwsd]|\(\?", node.value):
                yield node.lineno, node.value


def main() -> int:
    """List what breaks the guide; return an exit code."""
    known = rules((ROOT / GUIDE).read_text(encoding="utf-8"))
    found: list[str] = []
    for path in [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]:
        if path == ROOT / GUIDE or path.parent.name == "reference":  # written from the code
            continue
        text = blanked(blanked(path.read_text(encoding="utf-8"), _FENCE), _CODE)
        found += [f"{path.relative_to(ROOT)}:{at}: {why}" for at, why in complaints(text, known)]
    for path in sorted((ROOT / "src/homeroom/web/templates").glob("*.html")):
        text = blanked(path.read_text(encoding="utf-8"), _MARKUP)
        found += [f"{path.relative_to(ROOT)}:{at}: {why}" for at, why in complaints(text, known)]
    for path in sorted((ROOT / "src/homeroom").rglob("*.py")):
        for first, text in told_in_code(path.read_text(encoding="utf-8")):
            found += [
                f"{path.relative_to(ROOT)}:{at}: {why}"
                for at, why in complaints(blanked(text, _CODE), known, first)
            ]
    sys.stdout.write("".join(f"{one}\n" for one in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
