"""Whom a text names and what leads to them, and what of it is proposed to be hidden, by the matter of the act.

Rules that one can read, and a person who decides: what is not proposed is given too, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from parvis.core.acts.model import Page, Passage
from parvis.core.acts.persons.officials import PARTICLES, Officials, attending, signing, words_of
from parvis.core.acts.persons.patterns import (
    beside_names,
    has_office,
    is_called_after,
    is_private,
    names_without_civility,
)
from parvis.core.privacy.model import Confidence
from parvis.core.privacy.names import is_first_name
from parvis.core.privacy.texts import mentions, pieces
from parvis.core.text import fold
from parvis.core.translation import Sentence, gettext_noop

RISKY: Final = ("4", "6", "7.5", "8.2")
"""Matters of @ctes that are about persons: staff, police, grants, social aid."""
NAME: Final = "name"
_SURNAME: Final = 3
"""Letters of the shortest family name that is followed through an act."""
_WORD: Final = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_BLANKED: Final = {"x" * count for count in range(1, 12)} | {"y", "z", "occulte", "anonyme"}
"""What stands for a name that was hidden already."""
_SENTENCE_END: Final = re.compile(r"(?<=\w\w\w)\.\s")
_TRAILING: Final = re.compile(r"(?:[\s.,;:’'-]+(?:de|du|des|le|la|el|ben|d['’]\w*)?)+$")
_NEXT_LINE: Final = re.compile(r"[ \u00a0]?\n[ \u00a0]?[A-ZÀ-ÖØ-Þ][\w'’-]+")
MOST: Final = 20_000
"""Mentions of one act."""

_WHY: Final = {
    "official": Sentence(gettext_noop("Une personne élue, ou qui signe l’acte.")),
    "office": Sentence(gettext_noop("La personne est nommée dans l’exercice de sa fonction.")),
    "place": Sentence(gettext_noop("Le nom d’une rue, d’une école ou d’un autre lieu.")),
    "matter": Sentence(gettext_noop("Une personne est nommée dans un acte dont la matière touche des particuliers.")),
    "private": Sentence(gettext_noop("Une personne est nommée à propos de sa vie privée ou d’un dossier.")),
    "mention": Sentence(gettext_noop("Une personne est nommée ; rien ne dit que ce soit à propos de sa vie privée.")),
    "again": Sentence(gettext_noop("Le même nom est proposé ailleurs dans l’acte.")),
    "beside": Sentence(gettext_noop("Une adresse suit le nom d’une personne.")),
    "birth": Sentence(gettext_noop("Une date de naissance est écrite.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person named in an act, or what leads to one (address, telephone, account…), and whether hiding it is proposed."""

    passage: Passage
    kind: str
    confidence: Confidence
    reason: Sentence
    proposed: bool

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        passage = self.passage
        return {
            "passage": {"page": passage.page, "start": passage.start, "end": passage.end, "text": passage.text},
            "kind": self.kind,
            "confidence": str(self.confidence),
            "reason": self.reason.to_json(),
            "proposed": self.proposed,
        }


def mentions_in(
    pages: Sequence[Page], officials: Sequence[str], signatories: Sequence[str], matter: str
) -> list[PersonMention]:
    """Everybody named in an act, in the order of the text, with what leads to them; a place of the text has one mention.

    ``officials`` and ``signatories``: names of those who sit and sign, as they are written anywhere. ``matter``: code of @ctes
    (« 8.2 »). A name that is proposed once is proposed wherever the act has it.
    """
    seated = [name for page in pages for name in (*attending(page.text), *signing(page.text))]
    aside = Officials((*officials, *signatories, *seated))
    is_risky = matter.startswith(RISKY)
    collected: list[PersonMention] = []
    for page in pages:
        collected += _on_page(page, aside, is_risky=is_risky)
    return _spread(pages, collected[:MOST], aside)


def _on_page(page: Page, aside: Officials, *, is_risky: bool) -> list[PersonMention]:
    mentioned: list[PersonMention] = []
    taken = _Taken()
    start = 0
    for piece in pieces(page.text):
        for mention in mentions(piece):
            span = start + mention.start, start + mention.end
            if mention.kind == "text":
                span = _extent(page.text, *span)
                judged = _judged(page, span, page.text[slice(*span)], aside, is_risky=is_risky)
            else:
                is_sure = mention.confidence is not Confidence.POSSIBLE
                judged = PersonMention(
                    Passage(page.number, *span, mention.words),
                    mention.kind,
                    mention.confidence,
                    mention.reason,
                    is_sure,
                )
            if taken.take(*span):
                mentioned.append(judged)
        start += len(piece)
    for span in names_without_civility(page.text) if is_risky else ():
        if taken.take(*span):
            mentioned.append(_judged(page, span, page.text[slice(*span)], aside, is_risky=True))
    named = [mention.passage.end for mention in mentioned if mention.kind == NAME and mention.proposed]
    for kind, span in beside_names(page.text, named):
        if taken.take(*span):
            passage = Passage(page.number, *span, page.text[slice(*span)])
            why = _WHY["birth" if kind == "birth" else "beside"]
            mentioned.append(PersonMention(passage, kind, Confidence.LIKELY, why, proposed=True))
    return sorted(mentioned, key=lambda mention: mention.passage.start)


def _extent(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without what follows its sentence or its line, and with the family name that is on the next one."""
    words = _SENTENCE_END.split(text[start:end])[0]
    first, _end, _rest = words.partition("\n")
    name = first if any(not is_first_name(word) for word in words_of(first)) else words
    end = start + len(_TRAILING.sub("", name))
    following = _NEXT_LINE.match(text, end)
    if following and _completes(following[0], text[start:end]):
        end = following.end()
    return start, end


def _completes(word: str, name: str) -> bool:
    """Whether a name that ends its line lacks what begins the next: a family name after first names, a first name after another."""
    are_first = [is_first_name(part) for part in words_of(name)]
    return all(are_first) or (not any(are_first) and is_first_name(word))


def _judged(page: Page, span: tuple[int, int], words: str, aside: Officials, *, is_risky: bool) -> PersonMention:
    """A name, and whether it is one to hide: who sits or has an office next to it is not, nor what streets are called after."""
    text = page.text
    if set(words_of(words)) <= _BLANKED:
        return _name(page, span, Confidence.POSSIBLE, "mention", proposed=False)
    if aside.names(words):
        return _name(page, span, Confidence.POSSIBLE, "official", proposed=False)
    if is_called_after(text, span):
        return _name(page, span, Confidence.POSSIBLE, "place", proposed=False)
    if has_office(text, span):
        return _name(page, span, Confidence.POSSIBLE, "office", proposed=False)
    if is_private(text, span):
        return _name(page, span, Confidence.CERTAIN if is_risky else Confidence.LIKELY, "private", proposed=True)
    if is_risky:
        return _name(page, span, Confidence.LIKELY, "matter", proposed=True)
    return _name(page, span, Confidence.POSSIBLE, "mention", proposed=False)


def _name(page: Page, span: tuple[int, int], sure: Confidence, why: str, *, proposed: bool) -> PersonMention:
    return PersonMention(Passage(page.number, *span, page.text[slice(*span)]), NAME, sure, _WHY[why], proposed)


class _Taken:
    """Letters of a page that have their mention; each is asked and marked once."""

    def __init__(self) -> None:
        self._letters: set[int] = set()

    def take(self, start: int, end: int) -> bool:
        """Whether nothing had these letters; they are taken now."""
        letters = range(start, end)
        if start >= end or any(letter in self._letters for letter in (start, end - 1, (start + end) // 2)):
            return False
        self._letters.update(letters)
        return True


def _spread(pages: Sequence[Page], mentioned: list[PersonMention], aside: Officials) -> list[PersonMention]:
    """The same with each name that is proposed once proposed everywhere, its family name alone too."""
    followed = {
        word
        for mention in mentioned
        if mention.proposed and mention.kind == NAME
        for word in _family_words(mention.passage.text)
    }
    alone = {word for word in followed if not aside.has_family_name(word)}
    spread = [_again(mention, followed) for mention in mentioned]
    by_page: dict[int, list[PersonMention]] = {}
    for mention in spread:
        by_page.setdefault(mention.passage.page, []).append(mention)
    for page in pages:
        own = by_page.get(page.number, [])
        spread += _alone(page, own, alone)
    spread += _same_values(pages, mentioned)
    return list(
        _apart(sorted(spread, key=lambda mention: (mention.passage.page, mention.passage.start, not mention.proposed)))
    )[:MOST]


def _apart(mentioned: Sequence[PersonMention]) -> Iterator[PersonMention]:
    """Without those that begin within the one before."""
    page = end = 0
    for mention in mentioned:
        if mention.passage.page != page or mention.passage.start >= end:
            yield mention
            page, end = mention.passage.page, mention.passage.end


def _again(mention: PersonMention, followed: set[str]) -> PersonMention:
    is_settled = mention.proposed or mention.kind != NAME or mention.reason in (_WHY["official"], _WHY["place"])
    if is_settled or not followed.intersection(_family_words(mention.passage.text)):
        return mention
    return replace(mention, proposed=True, confidence=Confidence.LIKELY, reason=_WHY["again"])


def _family_words(name: str) -> list[str]:
    """The folded words of a name that are its family name: those in capitals beside others, else those that are no first name."""
    spelt = [word for word in _WORD.findall(name) if words_of(word)]
    capitals = [word for word in spelt if len(word) > 1 and word.isupper()]
    chosen = (
        capitals
        if capitals and len(capitals) < len(spelt)
        else [w for w in spelt if not is_first_name(w)] or spelt[-1:]
    )
    return [fold(word) for word in chosen if len(word) >= _SURNAME and fold(word) not in PARTICLES]


def _alone(page: Page, own: Sequence[PersonMention], family: set[str]) -> Iterator[PersonMention]:
    """Family names that stand somewhere without anything that tells a name."""
    if not family:
        return
    taken = _Taken()
    for mention in own:
        taken.take(mention.passage.start, mention.passage.end)
    for match in _WORD.finditer(page.text):
        is_followed = match[0][0].isupper() and fold(match[0]) in family and taken.take(*match.span())
        if is_followed and not is_called_after(page.text, match.span()):
            yield _name(page, match.span(), Confidence.LIKELY, "again", proposed=True)


def _same_values(pages: Sequence[Page], mentioned: Sequence[PersonMention]) -> Iterator[PersonMention]:
    """Numbers and addresses that are proposed, wherever they are written again in the same way."""
    values = {mention.passage.text: mention for mention in mentioned if mention.proposed and mention.kind != NAME}
    for words, mention in list(values.items())[:200]:
        for page in pages:
            place = page.text.find(words)
            while place >= 0:
                yield replace(mention, passage=Passage(page.number, place, place + len(words), words))
                place = page.text.find(words, place + len(words))
