"""The language in which people look in long documents; whatever is typed means something.

::

    école primaire          both words, in any of their forms, anywhere
    "école primaire"        exactly these words, one after the other (« » do as well)
    -cantine  -"avis favorable"   without
    école OU collège        one or the other
    école PRES/5 travaux    five words from each other at most, in any order
    objet:école  numero:2024-045  rapporteur:durand   in that text only

Capitals and accents never count, but for those of OU and PRES, which are words when they are small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parvis.core.text import fold
from parvis.hub.fulltext.analysis import normal, tokens
from parvis.hub.fulltext.questions import NEAR, Atom, Clause, Either, Near, Phrase, Question, Word
from parvis.hub.fulltext.rules import TextField

LONGEST: Final = 1_000
"""Characters that are read."""
MOST_ATOMS: Final = 24
"""Words, phrases and pairs that are looked for."""
LONGEST_PHRASE: Final = 30
FARTHEST: Final = 50
"""Words of the widest PRES."""

_ITEM: Final = re.compile(
    r"(?P<sign>[-−–](?=[^\s\-−–]))?"
    r"(?:(?P<field>[^\W_]+) ?: ?(?=\S))?"
    r'(?:"(?P<plain>[^"]*)(?:"|$)|«(?P<french>[^»]*)(?:»|$)|“(?P<curled>[^”]*)(?:”|$)|(?P<word>[0-9]{1,3}(?: [0-9]{3})+(?![^\W_])|[^\s"«“]+))'
    r"|\S"
)
_OR: Final = frozenset({"OU", "OR"})
_NEAR: Final = re.compile(r"PR[EÈ]S(?:/([0-9]{1,4}))?|NEAR/([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class _Near:
    """The operator between two words."""

    distance: int


class _Or:
    """The operator between two items."""


@dataclass(frozen=True, slots=True)
class _Item:
    """Something to look for, or not."""

    atom: Word | Phrase
    is_excluded: bool


type _Read = _Item | _Near | _Or


def read(text: str, fields: Sequence[TextField] = ()) -> Question:
    """What was typed, as it is understood; never fails."""
    typed = " ".join(normal(text).split())
    items, ignored = _items(typed[:LONGEST], {fold(field.name): field.name for field in fields})
    required, excluded = _joined(items)
    cut = len(typed) > LONGEST
    while sum(map(_size, required)) + len(excluded) > MOST_ATOMS:
        cut = True
        (excluded if excluded and not required else required).pop()
    return Question(typed, tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded)), tuple(ignored), is_cut=cut)


def _size(clause: Clause) -> int:
    return len(clause.options) if isinstance(clause, Either) else 1


def _items(text: str, names: dict[str, str]) -> tuple[list[_Read], list[str]]:
    items: list[_Read] = []
    ignored: list[str] = []
    for match in _ITEM.finditer(text):
        word, field = match["word"], names.get(fold(match["field"] or ""), "")
        quoted = next((match[name] for name in ("plain", "french", "curled") if match[name] is not None), None)
        if word and not match["sign"] and not match["field"] and word in _OR:
            items.append(_Or())
            continue
        if word and not match["sign"] and not match["field"] and (near := _NEAR.fullmatch(word)):
            items.append(_Near(min(max(int(near[1] or near[2] or NEAR), 1), FARTHEST)))
            continue
        excluded = bool(match["sign"])
        if match["field"] and not field:  # no text of documents has that name: it is a word
            items += _read_word(match["field"], "", excluded, ignored)
        if quoted is not None:
            forms = tuple(token.form for token in tokens(quoted))[:LONGEST_PHRASE]
            items += [_Item(Phrase(quoted.strip(), forms, field), excluded)] if forms else []
        elif word:
            items += _read_word(word, field, excluded, ignored)
    return items, list(dict.fromkeys(ignored))


def _read_word(word: str, field: str, excluded: bool, ignored: list[str]) -> list[_Read]:
    """A word, or several that are written as one, which follow each other in what is looked for."""
    places = list(tokens(word))
    stems = tuple(token.stem for token in places if token.stem)[:LONGEST_PHRASE]
    if not stems:
        ignored += [token.form for token in places]
        return []
    shown = word[places[0].start : places[-1].end]
    return [_Item(Word(shown, stems, field), excluded)]


def _joined(items: Sequence[_Read]) -> tuple[list[Clause], list[Atom]]:
    """Operators put between what they stand between; one that stands between nothing is not heard."""
    required: list[Clause] = []
    excluded: list[Atom] = []
    before: _Item | None = None
    operator: _Near | _Or | None = None
    for item in items:
        if not isinstance(item, _Item):
            operator = item if before is not None else None
            continue
        if item.is_excluded:
            excluded.append(item.atom)
            before = operator = None
            continue
        match operator:
            case _Or():
                _add_option(required, item.atom)
            case _Near(distance) if before is not None and (pair := _pair(before.atom, item.atom, distance)):
                _put_near(required, item.atom, pair)
            case _:
                required.append(item.atom)
        before, operator = item, None
    return required, excluded


def _add_option(required: list[Clause], atom: Atom) -> None:
    last = required.pop()
    options = last.options if isinstance(last, Either) else (last,)
    required.append(Either((*options, atom)))


def _pair(left: Atom, right: Atom, distance: int) -> Near | None:
    """Two words near each other; None for phrases, for the same word twice and for words of two texts."""
    if not (isinstance(left, Word) and isinstance(right, Word)) or (left.field and right.field not in ("", left.field)):
        return None
    if left.stems[-1] == right.stems[0]:
        return None
    return Near(f"{left.text} … {right.text}", left.stems[-1], right.stems[0], distance, left.field or right.field)


def _put_near(required: list[Clause], right: Atom, pair: Near) -> None:
    """The pair in the place of its first word, which it says; words written as several are still looked for whole."""
    last = required[-1]
    if isinstance(last, Either):
        required[-1] = Either((*last.options[:-1], pair))
    elif isinstance(last, Word) and len(last.stems) == 1:
        required[-1] = pair
    else:
        required.append(pair)
    if isinstance(right, Word) and len(right.stems) > 1:
        required.append(right)


def described(question: Question, fields: Iterable[TextField] = ()) -> list[str]:
    """What the question was understood as, in phrases for the one who typed it."""
    labels = {field.name: str(field.label) for field in fields}
    phrases = [_clause(clause, labels) for clause in question.required]
    phrases += [_("sans {words}").format(words=_atom(atom, labels)) for atom in question.excluded]
    if question.ignored:
        words = ", ".join(question.ignored)
        phrases.append(_("sans tenir compte de : {words}").format(words=words))
    if question.is_cut:
        phrases.append(_("le reste de la question, trop longue, n’est pas cherché"))
    return phrases


def _clause(clause: Clause, labels: dict[str, str]) -> str:
    if isinstance(clause, Either):
        return _(" ou ").join(_atom(atom, labels) for atom in clause.options)
    return _atom(clause, labels)


def _atom(atom: Atom, labels: dict[str, str]) -> str:
    match atom:
        case Word():
            words = _("le mot « {word} », sous toutes ses formes").format(word=atom.text)
        case Phrase():
            words = _("exactement « {words} »").format(words=atom.text)
        case Near():
            left, _dots, right = atom.text.partition(" … ")
            words = _("« {left} » et « {right} » à {distance} mots au plus").format(
                left=left, right=right, distance=atom.distance
            )
    return (
        _("{words} (dans : {field})").format(words=words, field=labels.get(atom.field, atom.field))
        if atom.field
        else words
    )


def written(
    *,
    every: str = "",
    exactly: str = "",
    some: str = "",
    without: str = "",
    near: tuple[str, str] = ("", ""),
    distance: int = NEAR,
) -> str:
    """What the fields of a form say, as it would be typed: one question to keep, to send and to explain."""
    parts = [" ".join(every.split())]
    if exactly.strip():
        parts.append(f'"{exactly.replace(chr(34), " ").strip()}"')
    parts.append(" OU ".join(_bare(some)))
    parts += [f"-{word}" for word in _bare(without)]
    left, right = (next(iter(_bare(word)), "") for word in near)
    if left and right:
        parts.append(f"{left} PRES/{distance} {right}")
    return " ".join(filter(None, parts))


def _bare(text: str) -> list[str]:
    return [word.lstrip("-−–") for word in text.replace('"', " ").split() if word.strip("-−–") and word not in _OR]
