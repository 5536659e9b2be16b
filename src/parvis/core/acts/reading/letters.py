"""Letters as files hold them, made those of a text; and whether a text reads as one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MOST_LETTERS: Final = 200_000
"""Of one page; what follows is not kept."""
_SPACES: Final = "\t\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINES: Final = re.compile("\r\n?|\u0085|\u2028|\u2029")
_BROKEN_WORD: Final = re.compile("[\u0002\ufffe]\n?|\u00ad *\n")
"""How PDFium tells a hyphen at the end of a line, whose line it joins to the next; and a soft hyphen that shows."""
_LIGATURES: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SYMBOLIC: Final = re.compile("[\uf020-\uf07e]{2,}")
"""Plain letters of a font that says it has none; one alone is rather a bullet of Wingdings or Symbol."""
_BULLET: Final = re.compile("[\uf020-\uf0ff]")
_TABLE: Final = {**dict.fromkeys(map(ord, _SPACES), " "), **_LIGATURES}
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_GLYPH_NUMBER: Final = re.compile(r"\(cid:\d+\)")


def _as_letters(raw: str) -> str:
    """``raw`` with plain spaces and letters in the place of those that fonts keep for themselves, where they are known."""
    raw = _SYMBOLIC.sub(lambda run: "".join(chr(ord(c) - 0xF000) for c in run[0]), raw.translate(_TABLE))
    return _BULLET.sub("•", raw)


def tidy(text: str) -> str:
    """``text`` with plain spaces, no ligature nor letter that is not seen, and at most one empty line between two others.

    >>> tidy("l’of\\ufb01ce du 3\\u00a0mai\\r\\nres\\u00adte  ici")
    'l’office du 3 mai\\nreste ici'
    """
    text = _BROKEN_WORD.sub("-\n", _LINES.sub("\n", text[: 2 * MOST_LETTERS]).replace("\f", "\n"))
    text = _GLYPH_NUMBER.sub("", unicodedata.normalize("NFC", _as_letters(text)))
    text = "".join(c for c in text if c == "\n" or (c != "\ufffd" and unicodedata.category(c) not in _UNSEEN))
    lines = (" ".join(line.split(" ")).strip() for line in re.sub(" {2,}", " ", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")[:MOST_LETTERS]


_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_COMMON: Final = frozenset(
    [
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "et",
        "en",
        "au",
        "aux",
        "un",
        "une",
        "par",
        "pour",
        "sur",
        "dans",
        "que",
        "qui",
        "est",
        "son",
        "ses",
        "il",
        "elle",
        "ce",
        "cette",
        "se",
        "ne",
        "pas",
        "plus",
        "ou",
        "avec",
        "sa",
        "leur",
        "leurs",
        "nous",
        "vous",
        "ont",
        "été",
        "être",
        "sont",
        "conseil",
        "commune",
        "municipal",
        "maire",
        "vu",
        "article",
        "monsieur",
        "madame",
        "euros",
    ]
)
_VOWELS: Final = frozenset("aeiouyàâäéèêëîïôöùûüœæ")
_MUCH_WASTE: Final = 0.1
_ENOUGH_WORDS: Final = 30
_FEW_COMMON: Final = 0.02
_FEW_PLAUSIBLE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Legibility:
    """How a text reads: its words, the share of its signs that mean nothing, of its words that are common, or could be words."""

    words: int
    waste: float
    common: float
    plausible: float

    @property
    def is_doubtful(self) -> bool:
        """Whether it is rather what a wrong encoding, or a failed recognition, makes of a text."""
        if self.waste > _MUCH_WASTE:
            return True
        return self.words >= _ENOUGH_WORDS and (self.common < _FEW_COMMON or self.plausible < _FEW_PLAUSIBLE)

    @property
    def worth(self) -> float:
        """What two readings of one page are compared by."""
        return self.plausible + 2 * self.common - 3 * self.waste


def legibility(raw: str) -> Legibility:
    """How ``raw``, as a file holds it, reads.

    >>> legibility("Le conseil municipal " * 20).is_doubtful, legibility("/H FRQVHLO PXQLFLSDO " * 20).is_doubtful
    (False, True)
    """
    raw = _as_letters(raw[:MOST_LETTERS])
    glyphs = _GLYPH_NUMBER.findall(raw)
    signs = [c for c in _GLYPH_NUMBER.sub("", raw) if not c.isspace()]
    wasted = sum(
        c == "\ufffd" or (c not in "\u0002\ufffe" and unicodedata.category(c) in {"Cc", "Co", "Cn"}) for c in signs
    )
    words = _WORD.findall(raw)
    long = [word for word in words if len(word) > 3]
    total = len(signs) + len(glyphs)
    return Legibility(
        len(words),
        (wasted + len(glyphs)) / total if total else 0.0,
        sum(word.casefold() in _COMMON for word in words) / len(words) if words else 0.0,
        sum(map(_could_be_a_word, long)) / len(long) if long else 1.0,
    )


def _could_be_a_word(word: str) -> bool:
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    vowels = sum(letter in _VOWELS for letter in word.casefold())
    return 0.15 <= vowels / len(word) <= 0.85
