"""Folding French text: accents, case, ligatures, slugs."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "ʼ": "'"})
SPACES = "\u00a0\u202f\u2009\u2007\u200a\u2002\u2003"
"""Spaces other than the plain one met inside French numbers and labels."""


def fold(text: str) -> str:
    """``text`` in lower case without accents or ligatures: « Cœur d’Évry » gives ``coeur d'evry``."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


LABEL = 500
"""Characters of the longest label that is compared or shown."""


def cut_label(text: str) -> str:
    """A label cut when it is longer than any that a person wrote; labels that differ still do.

    >>> cut_label("nom")
    'nom'
    """
    if len(text) <= LABEL:
        return text
    mark = hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{text[: LABEL - 10]}… {mark}"


def slugify(text: str, separator: str = "-") -> str:
    """``text`` as ``[a-z0-9]`` words joined by ``separator``; empty when nothing is left."""
    return separator.join(re.findall(r"[a-z0-9]+", fold(text)))


_NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """``text`` without what XML may not hold, however it is written.

    >>> xml_text("Cloche\\x07 et\\x0b nul \\ufffe")
    'Cloche et nul '
    """
    return _NOT_OF_XML.sub("", text)


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def seen_text(text: str) -> str:
    """``text`` on one line, without what hides, turns or breaks the text around it."""
    if text.isprintable():
        return " ".join(text.split())
    plain = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(plain).split())


def shown_name(name: str, longest: int = 150) -> str:
    """The name of a file as it may be shown: no folder, and ``seen_text``."""
    words = seen_text(re.split(r"[/\\]", name)[-1])
    stem, dot, suffix = words.rpartition(".")
    return f"{stem[: longest - len(suffix) - 1]}.{suffix}" if dot and len(suffix) < 10 else words[:longest]


def header_key(header: str) -> str:
    """A header as it is compared with those of another table: « NomAttribuant » and « nomAttribuant » are one."""
    return " ".join(fold(header).split())
