"""From the text of an act to a tagged PDF, set by typst in a confined child."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from parvis.core.acts.model import Page
from parvis.core.children import Permits, call
from parvis.core.translation import primary
from parvis.core.typesetting import set_page

SECONDS: Final = 120.0
MEMORY: Final = 2_000_000_000
DISK: Final = 200_000_000
MOST_LETTERS: Final = 3_000_000
"""Of one act; what follows is not set, which its caller is told by ValueError."""
_TEMPLATE: Final = Path(__file__).resolve().with_name("act.typ")
_HEADING: Final = re.compile(
    r"(?:ARTICLE|Article)\s+(?:\d{1,3}(?:er)?|[IVX]{1,6}|PREMIER|premier|unique|UNIQUE)\b.{0,80}"
)
_LONGEST_HEADING: Final = 90
_LETTERS: Final = 5
"""Of the shortest line in capitals that is a heading."""
_SET: Final = re.compile(
    r"[^\n\t\u0020-\u007e\u00a0-\u017f\u0192\u0218-\u021b\u02c6\u02dc\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""What our fonts have no letter for."""
_AS: Final = str.maketrans({
    "\u202f": "\u00a0", "\u2011": "-", "\u00ad": "", "\u2192": "->", "\u2264": "<=", "\u2265": ">=", "\u2212": "-",
    "☐": "[ ]", "☑": "[x]", "☒": "[x]", "✓": "x", "✔": "x", "■": "•", "▪": "•", "●": "•", "◦": "•", "➢": "•", "\ufb01": "fi", "\ufb02": "fl",
})  # fmt: skip


def typeset_text(
    pages: Sequence[Page],
    folder: Path,
    fonts: Path,
    *,
    title: str,
    mark: str,
    language: str = "fr",
    about: Sequence[str] = (),
    footer: str = "",
    name: str = "",
) -> Path:
    """The PDF/UA of a text, in ``folder`` (empty, removed by the caller), its language and title said.

    ``pages``: the text as it may be published, with ``mark`` for hidden words, which is shown as such. ``about``: lines under the title
    (number, date, author). ``fonts``: the folder of fonts. ReadingFailed, ReadingTooLong, ValueError for a text that is too long.
    """
    if sum(len(page.text) for page in pages) > MOST_LETTERS:
        raise ValueError("letters")
    body = {
        "title": _plain(title) or "Acte",
        "language": primary(language) or "fr",
        "about": [_plain(line) for line in about],
        "footer": _plain(footer),
        "lines": [line for page in pages for line in _lines(page.text, mark)],
    }
    (folder / "page.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    fonts = fonts.resolve()
    permits = Permits(name or "PDF", (_TEMPLATE, fonts), (folder,), SECONDS, MEMORY, DISK)
    call(set_page, folder, _TEMPLATE, fonts, permits=permits)
    return folder / "page.pdf"


def _lines(text: str, mark: str) -> Iterator[dict[str, Any]]:
    for line in text.split("\n"):
        if line.strip():
            parts = re.split(f"({re.escape(mark)})", line.strip())
            runs = [{"text": _plain(part), "hidden": part == mark} for part in parts if part]
            yield {"runs": runs, "heading": is_heading(line.strip())}


def is_heading(line: str) -> bool:
    """Whether a line begins a part of an act: « Article 1er », or a short one in capitals.

    >>> is_heading("ARTICLE 2 – Exécution"), is_heading("DÉCIDE"), is_heading("12 000 €"), is_heading("Le Maire")
    (True, True, False, False)
    """
    if _HEADING.fullmatch(line):
        return True
    letters = [letter for letter in line if letter.isalpha()]
    return len(line) <= _LONGEST_HEADING and len(letters) >= _LETTERS and all(letter.isupper() for letter in letters)


def _plain(text: str) -> str:
    """What our fonts can show: a sign that they lack is left as « ? » rather than nothing published."""
    return _SET.sub("?", text.translate(_AS))
