"""Acts as long documents: what the index holds of those online, which is what readers are shown, and nothing of the originals."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any, Final

from django.db.models import Model, QuerySet, Sum
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from parvis.core.acts.model import Method
from parvis.core.text import fold
from parvis.domains.deliberations.models import Act, ActFile, Amount, FileText, Session
from parvis.hub.accounts.rules import Actor
from parvis.hub.fulltext.rules import (
    RELEVANCE,
    DocumentFacet,
    DocumentSort,
    LongDocument,
    NumericField,
    TextField,
    TextLibrary,
)
from parvis.hub.fulltext.services import mark
from parvis.hub.records.selectors import published
from parvis.hub.registry import Link, Listener
from parvis.hub.sites.lens import current_lens

NAME: Final = "actes"
AT_ONCE: Final = 200
"""Acts whose pages are in memory at once."""
DAY_ZERO: Final = date(1970, 1, 1).toordinal()
DAY, MONEY, MOMENT = "jour", "montant", "ligne"
READING, MAPPED, COMMUNE = "lecture", "carte", "commune"
"""Facets that no panel shows: how acts were read, whether they have a position, the commune that they concern."""
UNREADABLE, PARTLY = "illisible", "en-partie"
YES = "oui"


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page of a published file: the rank of the file among those of its act, the number of the page in it, its text."""

    position: int
    number: int
    text: str
    is_unreadable: bool


def acts_online() -> QuerySet[Act]:
    """What may be found at all, through the lens of the site."""
    acts, lens = published(Act).filter(live=True, withdrawn_at=None), current_lens()
    return acts if lens is None else acts.filter(territory__code__in=lens.codes)


def pages_of_acts(keys: Collection[int]) -> dict[int, list[FilePage]]:
    """The pages that readers are given of some acts, by act: one question for files and one for texts, whatever their number."""
    files = ActFile.objects.filter(act__in=keys).exclude(published="").order_by("position", "pk")
    in_order = sorted(files, key=lambda file: file.role != ActFile.Role.MAIN)
    texts = dict(FileText.objects.filter(pk__in=[file.pk for file in in_order]).values_list("pk", "published_pages"))
    pages: dict[int, list[FilePage]] = {key: [] for key in keys}
    positions = dict.fromkeys(keys, 0)
    for file in in_order:
        positions[file.act_id] += 1
        rows = texts.get(file.pk) or ()
        pages[file.act_id] += [_page(positions[file.act_id], row) for row in rows]
    return pages


def cents_of_acts(keys: Collection[int]) -> dict[int, int]:
    """What acts decide of in all, of those that say amounts."""
    rows = Amount.objects.filter(act__in=keys).order_by().values_list("act")
    return dict(rows.annotate(total=Sum("cents")))


def _page(position: int, row: Mapping[str, Any]) -> FilePage:
    return FilePage(position, row["number"], row["text"], row.get("method") == Method.UNREADABLE)


def _documents(keys: Collection[int] | None) -> Iterator[LongDocument]:
    online = published(Act).filter(live=True, withdrawn_at=None)
    if keys is not None:
        online = online.filter(pk__in=keys)
    # Rows are read by few: their texts are long, and the whole is a million.
    numbers = online.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000)
    for some in batched(numbers, AT_ONCE, strict=False):
        acts = Act.objects.filter(pk__in=some).select_related(
            "organisation", "session", "session__assembly", "territory"
        )
        pages = pages_of_acts(some)
        amounts = cents_of_acts(some)
        for act in acts.order_by("pk"):
            yield _document(act, pages[act.pk], amounts.get(act.pk))


def _document(act: Act, pages: Sequence[FilePage], cents: int | None) -> LongDocument:
    territory = act.territory
    communes = (territory.code,) if territory is not None and territory.kind == "commune" else ()
    numbers = {
        DAY: act.date.toordinal() - DAY_ZERO if act.date else None,
        MONEY: cents,
        MOMENT: int(act.first_published_at.timestamp() * 1_000) if act.first_published_at else None,
    }
    return LongDocument(
        key=act.pk,
        title=act.title,
        pages=[page.text for page in pages],
        codes=(act.number,) if act.number else (),
        texts={"rapporteur": (act.rapporteur,) if act.rapporteur else ()},
        people=_people(act, pages),
        places=tuple(place for place in act.places if isinstance(place, str)),
        facets={name: tuple(filter(None, values)) for name, values in _facets(act, pages, communes).items()},
        numbers={name: value for name, value in numbers.items() if value is not None},
        shown_on=tuple(f"commune:{code}" for code in communes),
    )


def _facets(act: Act, pages: Sequence[FilePage], communes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    has_place = act.latitude is not None and act.longitude is not None
    return {
        "organisation": (act.organisation.slug,),
        "annee": (str(act.date.year) if act.date else "",),
        "matiere": (act.matter.partition(".")[0], act.matter),
        "document": (act.kind,),
        "assemblee": (act.session.assembly.name if act.session else "",),
        "rapporteur": (act.rapporteur,),
        "issue": (act.outcome,),
        READING: (_reading(pages),),
        MAPPED: (YES if has_place else "",),
        COMMUNE: tuple(communes),
    }


def _reading(pages: Sequence[FilePage]) -> str:
    """Whether words of an act can be looked for: not when none was read, in part when some pages were not."""
    if not any(page.text.strip() for page in pages):
        return UNREADABLE
    return PARTLY if any(page.is_unreadable for page in pages) else ""


def _people(act: Act, pages: Sequence[FilePage]) -> tuple[str, ...]:
    """Who brought the act and who signed it, as its page says; those of the sitting whom its published text names: a name that was
    hidden in it is not put back."""
    names = [act.rapporteur, act.signatory]
    if act.session is not None and act.session.live:
        present = [name for name in act.session.present_names if isinstance(name, str)]
        words = set(re.findall(r"[a-z0-9]+", fold("\n".join(page.text for page in pages)))) if present else set()
        names += [name for name in present if words.issuperset(re.findall(r"[a-z0-9]+", fold(name)))]
    return tuple(dict.fromkeys(name for name in names if name))


def _readable(_actor: Actor, keys: Collection[int]) -> set[int]:
    """What everybody reads: drafts are not looked for, even by those who write them."""
    return set(acts_online().filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _pages(keys: Collection[int]) -> dict[int, list[str]]:
    return {key: [page.text for page in pages] for key, pages in pages_of_acts(keys).items()}


FACETS: Final = (
    DocumentFacet("organisation", _("Organisation")),
    DocumentFacet("annee", _("Année")),
    DocumentFacet("matiere", _("Matière"), most=200),
    DocumentFacet("document", _("Nature du document")),
    DocumentFacet("issue", _("Issue")),
    DocumentFacet("assemblee", _("Assemblée")),
    DocumentFacet("rapporteur", _("Rapporteur")),
)
LIBRARY: Final = TextLibrary(
    name=NAME,
    label=_("Délibérations et actes"),
    model=Act,
    documents=_documents,
    readable=_readable,
    pages=_pages,
    count=lambda: published(Act).filter(live=True, withdrawn_at=None).count(),
    fields=(TextField("rapporteur", _("rapporteur")),),
    facets=(
        *FACETS,
        DocumentFacet(READING, _("Lecture")),
        DocumentFacet(MAPPED, _("Carte")),
        DocumentFacet(COMMUNE, _("Commune")),
    ),
    numbers=(NumericField(DAY, _("Date")), NumericField(MONEY, _("Montant")), NumericField(MOMENT, _("Mise en ligne"))),
    sorts=(
        RELEVANCE,
        DocumentSort("recentes", _("Les plus récents"), DAY),
        DocumentSort("anciennes", _("Les plus anciens"), DAY, descending=False),
        DocumentSort("ligne", _("Mis en ligne dernièrement"), MOMENT),
        DocumentSort("montant", _("Montants les plus élevés"), MONEY),
    ),
    page=Link(_("Délibérations et actes"), "act-search", "q"),
)


def _of_act(sender: type[Model], instance: Any, **_facts: Any) -> None:
    mark(NAME, [instance.act_id])


def _of_text(sender: type[Model], instance: FileText, **_facts: Any) -> None:
    mark(NAME, ActFile.objects.filter(pk=instance.pk).values_list("act", flat=True))


def _of_session(sender: type[Model], instance: Session, **_facts: Any) -> None:
    mark(NAME, list(Act.objects.filter(session=instance.pk, live=True).values_list("pk", flat=True)))


LISTENERS: Final = (
    *(Listener(signal, _of_act, model) for signal in (post_save, post_delete) for model in (ActFile, Amount)),
    Listener(post_save, _of_text, FileText),
    Listener(post_save, _of_session, Session),
)
"""What changes the document of an act besides its row, which the room of long documents hears."""
