"""The spaces of French text: the ones that must not break before « : » and « ; », inside quotation marks, between thousands.

Sentences, titles and descriptions are written by people and programs with ordinary spaces; they are set right where they are
shown (``french_html`` for pages, ``french`` for texts of pictures and papers), and nowhere else: what is kept stays as written.
"""

from __future__ import annotations

import re

from parvis.core.translation import SOURCE, primary

NO_BREAK, NARROW = "\u00a0", "\u202f"

# Each is found by its space, which is a literal, and judged by what is around it without a call of Python: what is given
# instead is always the same, so that thousands of places cost what the page costs to be read.
_BEFORE, _AFTER = r"(?<=\S )", r"(?![=\w])"
"""What is before a space that a mark follows, and what is not after the mark: not « :name », nor a query."""
_UNBREAKABLE = rf" (?:(?<=« )|{_BEFORE}(?=[:»%€]{_AFTER}|/ ))"
_THIN = rf" {_BEFORE}(?=[;!?]{_AFTER})"
_THOUSANDS = r" (?<=\d )(?=\d{3}(?!\d))"
_IN_TEXT = r"(?=[^<>]*+(?:<|\Z))"
"""The next angle bracket opens: what is before it is in no tag."""
_OF_PLAIN, _OF_PAGES = (
    tuple(re.compile(place + within) for place in (_UNBREAKABLE, _THIN, _THOUSANDS)) for within in ("", _IN_TEXT)
)
_ELEMENTS = r"<(?:(script|style|pre|code|textarea|svg|kbd|samp|math)\b.*?</\1\s*>|!--.*?-->)"
_ASIDE = re.compile(_ELEMENTS, re.DOTALL | re.IGNORECASE)
_ASIDE_OR_TAG = re.compile(rf"""{_ELEMENTS}|</?[a-z](?:[^"'>]|"[^"]*"|'[^']*')*>""", re.DOTALL | re.IGNORECASE)
"""For the rare pages where an attribute holds an angle bracket as it is: every tag is set aside whole."""
_BRACKET_IN_ATTRIBUTE = re.compile(r"""=(?:"[^"<>]*[<>]|'[^'<>]*[<>])""")
_CELL = "<td"


def french(text: str) -> str:
    """A plain text with French spaces: « 1 000 habitants / km² : oui ! »."""
    return _spaced(text, _OF_PLAIN)


def french_html(page: str) -> str:
    """A page whose texts have French spaces.

    Tags and their attributes, code, forms' texts, scripts, drawings are left as they are; so are numbers that are a whole
    cell of a table, which are data.
    """
    aside = _ASIDE_OR_TAG if _BRACKET_IN_ATTRIBUTE.search(page) else _ASIDE
    pieces, start = [], 0
    for match in aside.finditer(page):
        last = match.end() - 1  # its bracket begins the text after it, which is then not the beginning of anything
        pieces += [_spaced(page[start : match.start()], _OF_PAGES), page[match.start() : last]]
        start = last
    return "".join((*pieces, _spaced(page[start:], _OF_PAGES)))


def _spaced(text: str, places: tuple[re.Pattern[str], ...]) -> str:
    unbreakable, thin, thousands = places
    return thousands.sub(_between_figures, thin.sub(NARROW, unbreakable.sub(NO_BREAK, text)))


def _between_figures(match: re.Match[str]) -> str:
    """The space between thousands; the one that is there when it parts other figures, or those of a cell."""
    text, start = match.string, match.start()
    if not _is_thousands(text, start) or text.startswith(_CELL, max(text.rfind("<", 0, start), 0)):
        return match.group()
    return NARROW


def _is_thousands(text: str, start: int) -> bool:
    """Whether one to three figures stand before a space, alone or as thousands of thousands."""
    digits = start
    while digits > 0 and start - digits < 4 and text[digits - 1].isdecimal():
        digits -= 1
    before = text[digits - 1 : digits]
    return 1 <= start - digits <= 3 and before not in {",", ".", NARROW, "/", "-"}


def is_set(language: str) -> bool:
    """Whether texts of that language are given the spaces that are set here: those of the language screens are written in."""
    return primary(language) == SOURCE


def spaced(text: str, language: str) -> str:
    """A plain text with the spaces of its language."""
    return french(text) if is_set(language) else text
