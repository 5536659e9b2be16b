"""Folding French text: accents, case, ligatures, slugs."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "ʼ": "'"})
SPACES = "\u00a0\u202f\u2009\u2007\u200a\u2002\u2003"
"""Spaces other than the plain one met inside French numbers and labels."""


def fold(text: str) -> str:
    """``text`` in lower case without accents or ligatures: « Cœur d’Évry » gives ``coeur d'evry``."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def slugify(text: str, separator: str = "-") -> str:
    """``text`` as ``[a-z0-9]`` words joined by ``separator``; empty when nothing is left."""
    return separator.join(re.findall(r"[a-z0-9]+", fold(text)))
