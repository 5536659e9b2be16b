"""Lists of first and family names, and what a text that may name a person looks like."""

from __future__ import annotations

import gzip
import importlib.resources
import re
from functools import lru_cache

from parvis.core.text import fold as fold_any


def words_of(name: str) -> frozenset[str]:
    """The lines of one of our short lists."""
    path = importlib.resources.files("parvis.core.privacy") / "data" / f"{name}.txt"
    return frozenset(path.read_text(encoding="utf-8").split("\n")[:-1])


_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_PERSON = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]*(?:[ ,]+(?:[A-ZÀ-ÖØ-Þ]|de |du |des |d'|d’|le |la |el |ben |von |van )[\w'’.-]*){1,5}"
)
_TITLE = r"(?:m|mr|mme|mlle|monsieur|madame|mademoiselle|dr|docteur|me|maitre|maître|fam|famille)\b\.?"
CIVILITY = re.compile(rf"(?i)^{_TITLE}(?: (?:et|ou) {_TITLE})? +")
_JOINED = re.compile(r"(?<=[a-zà-ÿ])-(?=[A-ZÀ-ÖØ-Þ]{2})")
"""What joins a first name and a family name in capitals (« Alban-MALLET »)."""
_LOOSE_TITLES = ("m", "fam", "fam.", "famille")
"""Titles that begin other things too (« M RENOVATION », « Famille rurale »): a known family name must follow."""
_NOT_A_PERSON = words_of("place_words")
"""Words, folded, that say that a text names a place, a body or a company, no matter who it is called after."""


_NOT_FIRST = words_of("not_first_names")
"""First names that are mostly other words."""
TITLES = words_of("offices")
"""Words after a civility that name an office instead of a person (« Monsieur le Maire »)."""
_EPONYMS = words_of("eponyms")
"""Names that French streets, schools and halls have: a column of them is a column of places."""


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """``core.text.fold``, at once for plain letters."""
    return text.lower() if text.isascii() else fold_any(text)


def is_eponym(text: str) -> bool:
    """True for a name that many streets and schools have."""
    return " ".join(re.findall(r"[a-z']+", fold(text).replace("-", " "))) in _EPONYMS


@lru_cache(maxsize=2)
def _listed(file: str) -> frozenset[str]:
    path = importlib.resources.files("parvis.core.privacy") / "data" / file
    return frozenset(gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1])


def first_names() -> frozenset[str]:
    """First names, folded (see ``data/SOURCE.md``)."""
    return _listed("first_names.txt.gz")


def family_names() -> frozenset[str]:
    """Family names, folded."""
    return _listed("family_names.txt.gz")


@lru_cache(maxsize=1)
def _first_names_alone() -> frozenset[str]:
    return first_names() - _NOT_FIRST


def is_first_name(text: str) -> bool:
    """True for a first name, alone or followed by others (« Jean-Pierre », « Marie, Anne »)."""
    words = _WORD.findall(fold(text))
    if not 1 <= len(words) <= 4 or len(text) > 60 or "@" in text or any(c.isdigit() for c in text):
        return False
    given_names = first_names()
    return words[0] in given_names or words[0].partition("-")[0] in given_names


def are_first_names(text: str) -> bool:
    """True when each word is a first name (« Marie Anne », « Jean-Pierre »): no room is left for a family name."""
    given_names = first_names()
    words = _WORD.findall(fold(text))
    return is_first_name(text) and all(all(part in given_names for part in word.split("-")) for word in words)


def is_family_name(text: str) -> bool:
    """True for what may be in a column of family names: a few words of letters, none of a place or a body."""
    folded = fold(text).strip()
    words = _WORD.findall(folded)
    if not 1 <= len(words) <= 5 or len(folded) > 50 or any(c.isdigit() for c in folded):
        return False
    return not any(word in _NOT_A_PERSON for word in words)


def is_known_family_name(text: str) -> bool:
    """True for a family name of the list, whole or as the first part of a double one."""
    folded = " ".join(_WORD.findall(fold(text)))
    families = family_names()
    return folded in families or folded.partition("-")[0] in families or folded.partition(" ")[0] in families


def names_an_office(words: list[str]) -> bool:
    """True when folded words after a civility name an office (« le maire », « directrice »), not someone (« Le Gall »)."""
    article = len(words) > 1 and words[0] in ("le", "la", "les")
    return words[1 if article else 0] in TITLES


def names_a_person(text: str) -> bool:
    """True for « Jean DUPONT », « DUPONT Jean », « Mme Le Gall »: a first name of the list beside another capitalised word."""
    stripped = _JOINED.sub(" ", text.strip())
    civil = CIVILITY.match(stripped)
    bare = stripped[civil.end() :] if civil else stripped
    words = _WORD.findall(fold(bare))
    if len(bare) > 60 or any(c.isdigit() for c in bare) or any(word in _NOT_A_PERSON for word in words):
        return False
    if civil and 1 <= len(words) <= 4 and not names_an_office(words):
        loose = civil[0].strip().lower() in _LOOSE_TITLES
        return not loose or any(is_known_family_name(word) for word in words)
    if not 2 <= len(words) <= 5 or not _PERSON.fullmatch(bare):
        return False
    given_names, families = _first_names_alone(), family_names()
    first = [word in given_names or word.partition("-")[0] in given_names for word in words]
    others = [word in families or " ".join(words[i : i + 2]) in families for i, word in enumerate(words)]
    ends = (first[0] and any(others[1:])) or (first[-1] and any(others[:-1]))
    return ends or ((first[0] or first[-1]) and any(w.isupper() and len(w) > 2 for w in bare.split()))
