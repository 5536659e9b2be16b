"""Words: booleans, values of a list, blanks around, marks that stand for nothing, addresses of the web."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from parvis.core.profiling.missing_words import MISSING_MARKS
from parvis.core.profiling.parsers import BLANKS
from parvis.core.readings.model import Candidate, Certainty, Settings
from parvis.core.readings.patterns import matches
from parvis.core.text import LABEL, fold

_YES = frozenset(("oui", "vrai", "true", "yes", "o", "y", "v", "t", "1", "1.0", "x", "ok"))
_NO = frozenset(("non", "faux", "false", "no", "n", "f", "0", "0.0"))
_WEAK = frozenset(("x", "ok", "v", "t", "f", "y"))
"""Marks that most often mean yes or no, and could mean something else."""
_CLOSE = 0.85
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST = 400
MOST_COMPARED = 20_000
"""Pairs of names compared letter by letter: a file and a schema of strangers may have thousands of each."""


def read_boolean(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """Yes or no in words, as the first of the values that the schema takes (``true``, ``false``)."""
    word = fold(text.strip(BLANKS))
    side = "true" if word in _YES else "false" if word in _NO else ""
    accepted = settings.get(side) or [side]
    if not side or text in accepted:
        return ()
    return (Candidate("word", str(accepted[0]), Certainty.LIKELY if word in _WEAK else Certainty.SURE),)


def key(text: str) -> str:
    """What two writings of one word share: no case, accents, blanks or punctuation."""
    return _label_key(text) if len(text) <= LABEL else "".join(_WORD.findall(fold(text)))


@lru_cache(maxsize=20_000)
def _label_key(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


def read_choice(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The value of the list (``values``) that differs by case, accents or signs only, else the one that is close."""
    values: Sequence[str] = settings.get("values") or ()
    text_key = key(text) if len(text) <= _LONGEST else ""
    if not text_key or text in values:
        return ()
    same = [value for value in values if key(value) == text_key]
    if len(same) == 1:
        return (Candidate("spelling", same[0]),)
    if same:
        return tuple(Candidate("spelling", value, Certainty.CHOICE) for value in same)
    close = closest(text_key, values) if len(values) <= MOST_COMPARED else ""
    return (Candidate("close", close, Certainty.LIKELY),) if close else ()


def closest(text_key: str, values: Sequence[str]) -> str:
    """The only value near enough to ``text_key`` (a key); empty when none or several are."""
    near = [value for value in values if is_close(text_key, key(value), _CLOSE)]
    if len(near) > 1:
        return ""
    return near[0] if near else _containing(text_key, values)


def is_close(text: str, other: str, ratio: float) -> bool:
    """True when the two share that much of their letters, in order; texts beyond any label are not."""
    if 2 * min(len(text), len(other)) < ratio * (len(text) + len(other)) or max(len(text), len(other)) > LABEL:
        return False
    matcher = SequenceMatcher(None, text, other)
    return (
        matcher.quick_ratio() >= ratio and matcher.ratio() >= ratio
    )  # the first is an upper bound, and ten times quicker


def _containing(text_key: str, values: Sequence[str]) -> str:
    """The shortest of the values that hold ``text_key`` as one of their words or as their beginning, when only one is so short."""
    if len(text_key) < 4:
        return ""
    holders = [value for value in values if text_key in _WORD.findall(fold(value)) or key(value).startswith(text_key)]
    shortest = min(map(len, holders), default=0)
    shortest_values = [value for value in holders if len(value) == shortest]
    return shortest_values[0] if len(shortest_values) == 1 else ""


def read_case(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text in other capitals (one a word, none, all) that the ``pattern`` takes, where it does not take the text."""
    pattern = str(settings.get("pattern") or "")
    if len(text) > 200 or not pattern or matches(pattern, text):
        return ()
    tried = {"capitals": _capitalised(text), "small": text.lower(), "large": text.upper()}
    taken: dict[str, str] = {}
    for name, after in tried.items():
        if after != text and matches(pattern, after):
            taken.setdefault(after, name)
    sure = Certainty.LIKELY if len(taken) == 1 else Certainty.CHOICE
    return tuple(Candidate(name, after, sure) for after, name in taken.items())


def _capitalised(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), text)


def read_trimmed(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """The text without blanks or marks of order around it, nor the quotes that a blank before them kept from being read."""
    after = text.strip(BLANKS)
    if len(after) > 2 and after[0] == after[-1] == '"' and '"' not in after[1:-1]:
        return (Candidate("quotes", after[1:-1].strip(BLANKS), Certainty.LIKELY),)
    return (Candidate("blanks", after),) if after != text else ()


def read_slash(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """Parts joined by slashes without blanks around these, nor any mark of quotation before the first."""
    after = re.sub(r"\s*/\s*", "/", text.strip(BLANKS).strip("'\""))
    return (Candidate("blanks", after),) if after != text and "/" in after else ()


def read_missing(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """An empty cell for the marks that stand for nothing (« n/a », « - »…)."""
    return (Candidate("mark", "", Certainty.LIKELY),) if text.strip(BLANKS).casefold() in MISSING_MARKS else ()


def read_web(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """A web address with its scheme."""
    bare = text.strip(BLANKS)
    if re.fullmatch(r"(?i)(?:www\.|[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", bare) and "@" not in bare:
        return (Candidate("scheme", f"https://{bare}", Certainty.LIKELY),)
    return ()


def read_email(text: str, settings: Settings) -> tuple[Candidate, ...]:
    """An address of e-mail without « mailto: », brackets or blanks inside."""
    bare = re.sub(r"(?i)^mailto:", "", text.strip(BLANKS)).strip("<> ;,.")
    joined = re.sub(r"\s*@\s*", "@", bare)
    match = re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}", joined)
    return (Candidate("bare", joined),) if match and joined != text else ()
