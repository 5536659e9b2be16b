"""Organisations, as a search finds them: those that publish something to who looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.registry import Link
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind, in_order
from parvis.hub.ui.formatting import number

ORGANISATION = "organisation"


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    rows = Organisation.objects.select_related("territory").defer("territory__contour")
    for row in (rows if keys is None else rows.filter(pk__in=keys)).iterator(chunk_size=500):
        yield SearchDocument(
            kind=ORGANISATION,
            key=row.pk,
            title=row.name,
            territories=(row.territory.name,) if row.territory else (),
            text=str(row.get_kind_display()),
        )


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    readable = datasets_visible_to(actor).prefetch_related(None).order_by().filter(organisation__in=keys)
    counts = Counter(readable.values_list("organisation", flat=True))
    rows = Organisation.objects.filter(pk__in=list(counts))
    return [_hit(row, counts[row.pk]) for row in in_order(rows, keys)[:most]]


def _hit(row: Organisation, datasets: int) -> Hit:
    words = ngettext("%(count)s jeu de données", "%(count)s jeux de données", datasets) % {"count": number(datasets)}
    return Hit(row.slug, row.name, f"{row.get_kind_display()} · {words}", "", row.get_absolute_url())


ORGANISATIONS = SearchKind(
    name=ORGANISATION,
    label=_("Organisations"),
    model=Organisation,
    documents=_documents,
    hits=_hits,
    page=Link(_("Organisations"), "organisations", "q"),
    place="organisations",
    rank=80,
)
