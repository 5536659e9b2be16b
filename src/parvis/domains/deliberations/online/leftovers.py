"""Hidden words that remain outside the files: in what an act, its annexes, its money and its sitting say of themselves on their pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from parvis.core.acts.model import Page
from parvis.core.redaction import occurrences_of_each, parts_of_name
from parvis.core.translation import Sentence, gettext_noop
from parvis.domains.deliberations.models import ActFile, AgendaItem

if TYPE_CHECKING:
    from parvis.domains.deliberations.models import Act, Session

_OF_THE_ACT: Final = {
    "title": gettext_noop("l’objet de l’acte"),
    "number": gettext_noop("le numéro de l’acte"),
    "rapporteur": gettext_noop("le rapporteur"),
    "signatory": gettext_noop("le signataire"),
    "signatory_quality": gettext_noop("la qualité du signataire"),
    "budget_name": gettext_noop("le budget"),
    "transmission": gettext_noop("l’identifiant de télétransmission"),
}
_PLACES: Final = gettext_noop("les lieux")
_ANNEX: Final = gettext_noop("le titre d’une annexe")
_ABOUT: Final = (_OF_THE_ACT["title"], _PLACES, _ANNEX)
_MONEY: Final = gettext_noop("un montant, un lien ou une suite de l’acte")
_SITTING: Final = gettext_noop("le titre ou le lieu de la séance")
_ATTENDANCE: Final = gettext_noop("les présents et les absents de la séance")
_AGENDA: Final = gettext_noop("l’ordre du jour de la séance")
_NOWHERE: Final = gettext_noop(
    "« {word} », à occulter, ne se lit nulle part dans ses fichiers : corrigez-le ou retirez-le"
)
_LEFT: Final = gettext_noop("« {word} », occulté, est encore dans {place}")

type Said = Iterator[tuple[str, str]]
"""Places in words, and a text that is read there."""


def hidden_words(files: Sequence[ActFile]) -> list[str]:
    """The words that somebody decided to hide of an act, each once."""
    return list(dict.fromkeys(word for file in files for word in file.spans.get("words", ())))


def leftovers_of(act: Act, files: Sequence[ActFile]) -> list[Sentence]:
    """A sentence for each hidden word and each place where readers would still see it; one for each that hides nothing."""
    words = hidden_words(files)
    if not words:
        return []
    texts_told = [*_of_the_act(act, {}), *_of_annexes(files, {}), *_of_its_money(act), *_of_the_sitting(act.session)]
    return [*_found_nowhere(words, files), *_left(texts_told, words)]


def leftovers_of_changes(
    act: Act, changes: Mapping[str, Any], titles: Mapping[int, str], words: Sequence[str]
) -> list[Sentence]:
    """The same of an act as ``changes`` would leave it, its annexes called ``titles``: parts of a name that stand alone are told too."""
    files = list(ActFile.objects.filter(act=act)) if words else []
    session = changes.get("session", act.session)
    texts_told = [
        *_of_the_act(act, changes),
        *_of_annexes(files, titles),
        *_of_the_sitting(session),
        *_of_attendance(session),
    ]
    parts = [part for word in words for part in parts_of_name(word)]
    # Those who sit and sign share given names with others.
    about = [(place, text) for place, text in texts_told if place in _ABOUT]
    return [*_left(texts_told, words), *_left(about, parts)]


def leftovers_of_sitting(session: Session) -> list[Sentence]:
    """A sentence for each word hidden in an act of a sitting, and each place where the page of that sitting would say it."""
    words = hidden_words(list(ActFile.objects.filter(act__session=session.pk)))
    return _left(list(_of_the_sitting(session)), words) if words else []


def hidden_in(act: Act, texts: Sequence[str]) -> str:
    """The first word that is hidden in the files of an act and that one of some texts says; empty when none does."""
    files = list(ActFile.objects.filter(act=act))
    pages = [Page(rank, text) for rank, text in enumerate(texts)]
    places = occurrences_of_each(pages, hidden_words(files))
    return next((word for word, passages in places.items() if passages), "")


def without_hidden(texts: Sequence[str], words: Sequence[str]) -> list[str]:
    """The texts that say no hidden word, and are no part of one: « 3 rue des Lilas » of « Mme X, 3 rue des Lilas »."""
    pages = [Page(rank, text) for rank, text in enumerate(texts)]
    said = {passage.page for passages in occurrences_of_each(pages, words).values() for passage in passages}
    hidden = [Page(rank, word) for rank, word in enumerate(words)]
    parts = {text for text, passages in occurrences_of_each(hidden, texts).items() if passages}
    return [text for rank, text in enumerate(texts) if rank not in said and text not in parts]
    saying = {passage.page for passages in occurrences_of_each(pages, words).values() for passage in passages}
    return [text for rank, text in enumerate(texts) if rank not in saying]


def _left(texts_told: Sequence[tuple[str, str]], words: Sequence[str]) -> list[Sentence]:
    pages = [Page(rank, text) for rank, (_place, text) in enumerate(texts_told)]
    rows = {
        (texts_told[passage.page][0], word)
        for word, passages in occurrences_of_each(pages, words).items()
        for passage in passages
    }
    return [Sentence(_LEFT, {"word": word, "place": Sentence(place)}) for place, word in sorted(rows)]


def _found_nowhere(words: Sequence[str], files: Sequence[ActFile]) -> list[Sentence]:
    """Those mistyped, or read otherwise in a scan: nothing of the act is hidden by them."""
    if not all("words_read" in file.spans and file.reading != ActFile.Reading.WAITING for file in files):
        return []
    read = {word for file in files for word in file.spans["words_read"]}
    return [Sentence(_NOWHERE, {"word": word}) for word in words if word not in read]


def _of_the_act(act: Act, changes: Mapping[str, Any]) -> Said:
    for name, place in _OF_THE_ACT.items():
        yield place, str(changes.get(name, getattr(act, name)))
    for text in changes.get("places", act.places):
        yield _PLACES, str(text)


def _of_annexes(files: Sequence[ActFile], titles: Mapping[int, str]) -> Said:
    for file in files:
        yield _ANNEX, titles.get(file.pk, file.title)


def _of_its_money(act: Act) -> Said:
    for amount in act.amounts.all():
        yield _MONEY, amount.words
        yield _MONEY, amount.beneficiary
    for link in act.links.all():
        yield _MONEY, link.label
    for step in act.steps.all():
        yield _MONEY, step.text


def _of_the_sitting(session: Session | None) -> Said:
    """What its sitting is called, where it is, what its agenda says."""
    if session is None:
        return
    yield _SITTING, session.title
    yield _SITTING, session.location
    for title in AgendaItem.objects.filter(session=session.pk).values_list("title", flat=True):
        yield _AGENDA, title


def _of_attendance(session: Session | None) -> Said:
    """Who was there: somebody elected may be hidden in an act that is about them, and have sat that day."""
    if session is None:
        return
    for name in (session.president, session.secretary, *session.present_names, *session.absent_names):
        yield _ATTENDANCE, str(name)
    for pair in session.proxy_names:
        yield _ATTENDANCE, " — ".join(map(str, pair))
