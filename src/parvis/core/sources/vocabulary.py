"""How sources call licences, themes, frequencies, languages and formats: their words and addresses to our slugs.

A word that no row of ``vocabulary_words`` has gives an empty slug, and stands for itself on the card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import urlsplit

from parvis.core.metadata import FREQUENCIES, THEMES, frequency_slug, term_slug
from parvis.core.sources.format_words import FORMAT_WORDS, SERVICE_WORDS
from parvis.core.sources.vocabulary_words import FREQUENCY_WORDS, LICENCE_WORDS, THEME_WORDS
from parvis.core.text import fold, slugify

LANGUAGE_WORDS: Mapping[str, str] = {
    "fra": "fr",
    "fre": "fr",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "nld": "nl",
    "dut": "nl",
    "por": "pt",
    "bre": "br",
    "eus": "eu",
    "baq": "eu",
    "cos": "co",
    "oci": "oc",
    "cat": "ca",
    "français": "fr",
    "french": "fr",
    "anglais": "en",
    "english": "en",
}

_LICENCE_AUTHORITY = "publications.europa.eu/resource/authority/licence/"

_IN_WORDS = (
    (re.compile(r"licences?[ _-]ouverte|open licen[cs]e\b(?! for)|\betalab\b"), "lov2"),
    (re.compile(r"\bodbl\b|open database licen[cs]e"), "odbl"),
    (re.compile(r"\bcc[- ]?(0|zero)\b"), "cc0-1.0"),
    (re.compile(r"\bcc[- ]by[- ]4\.0\b(?![- ](nc|nd|sa))"), "cc-by-4.0"),
    (re.compile(r"creativecommons\.org/publicdomain/zero/1\.0\b"), "cc0-1.0"),
    (re.compile(r"creativecommons\.org/licenses/by/4\.0\b"), "cc-by-4.0"),
    (re.compile(r"opendatacommons\.org/licenses/odbl\b"), "odbl"),
)
"""Licences in the midst of a sentence, as constraints of ISO 19139 write them; folded."""
_LONGEST_WORDS = 1_000
_SLOWEST = [frequency.slug for frequency in FREQUENCIES]
"""From the quickest to the slowest."""


def licence_slug(*words: str) -> str:
    """The slug of the first of ``words`` (address, identifier, name or sentence) that names a licence of the list; empty when none does."""
    rows = _rows("licence")
    for word in words:
        bare = _bare(word)
        if not bare:
            continue
        last = bare.removeprefix(_LICENCE_AUTHORITY).replace("_", "-")
        for name in (bare, last, last.replace("etalab-2-0", "etalab-2.0")):
            if rows.get(name):
                return rows[name]
    for word in words:
        folded = fold(word[:_LONGEST_WORDS])
        for pattern, slug in _IN_WORDS:
            if pattern.search(folded):
                return slug
    return ""


@lru_cache(4_096)
def theme_slug(word: str) -> str:
    """The theme of ours that a word, a code or an address of an authority table means; empty when there is none."""
    word = word[:_LONGEST_WORDS]
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word
    return term_slug(THEMES, word) or _rows("theme").get(fold(last.strip()), "")


@lru_cache(4_096)
def frequency_of(word: str) -> str:
    """The frequency of ours that a word, a code or an address means; empty when there is none."""
    word = word[:_LONGEST_WORDS]
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word.strip()
    last = last.removeprefix("freq:")
    if slug := _rows("frequency").get(fold(last), "") or frequency_slug(last):
        return slug
    # "Annuelle (en mars)", "Annuelle | Mensuelle": of several, the slowest is what may be counted on.
    parts = re.split(r"[|/;,+]", re.sub(r"\([^()]*\)|^mise a jour ", " ", fold(last)))
    slugs = [_rows("frequency").get(part.strip(), "") or frequency_slug(part.strip()) for part in parts]
    return max(filter(None, slugs), key=_SLOWEST.index, default="") if all(slugs) else ""


def language_of(word: str) -> str:
    """Two letters for a language, its code of three letters, name or address; empty when there is none."""
    word = word[:_LONGEST_WORDS]
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word.strip()
    folded = fold(last).split("-")[0].split("_")[0]
    return LANGUAGE_WORDS.get(folded, folded if re.fullmatch(r"[a-z]{2}", folded) else "")


def format_of(*words: str) -> str:
    """The slug of the first of ``words`` (media type, extension, name, address of an authority table) that names a format we read."""
    for word in words:
        for name in _format_names(word):
            if name in FORMAT_WORDS:
                return FORMAT_WORDS[name]
    return ""


def service_of(*words: str) -> str:
    """The dialect that reads the rows of the service that the first of ``words`` names; empty when none does."""
    for word in words:
        folded = _bare(word)
        plain = re.sub(r"[-_ :]\d+(\.\d+)*.*$", "", folded)
        last = folded.rpartition("/")[2] if "/file-type/" in folded else ""
        for name in (folded, plain, last):
            if name in SERVICE_WORDS:
                return SERVICE_WORDS[name]
    return ""


def _format_names(word: str) -> tuple[str, ...]:
    folded = fold(word[:_LONGEST_WORDS].strip())
    if "://" in folded:
        last = re.split(r"[/#]", folded.rstrip("/"))[-1]
        pair = "/".join(
            folded.rstrip("/").split("/")[-2:]
        )  # an address of IANA ends in the two words of the media type
        return last, pair
    bare = folded.split(";")[0].strip()
    return bare, bare.lstrip(".")


@cache
def _rows(kind: str) -> Mapping[str, str]:
    words = {"licence": LICENCE_WORDS, "theme": THEME_WORDS, "frequency": FREQUENCY_WORDS}[kind]
    key = _bare if kind == "licence" else fold
    return {key(word): slug for word, slug in words.items()}


def _bare(word: str) -> str:
    """A word folded; an address without scheme, ``www.``, query and last slash."""
    folded = fold(word[:_LONGEST_WORDS].strip())
    if "://" in folded:
        try:
            parts = urlsplit(folded)
        except ValueError:
            return ""
        folded = parts.netloc + parts.path
    return folded.removeprefix("www.").rstrip("/")


def plain_theme(word: str) -> str:
    """A theme as the card takes it: our slug, or the word itself when it is no address."""
    return theme_slug(word) or ("" if "://" in word or not slugify(word) else word)
