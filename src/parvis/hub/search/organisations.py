"""Organisations, as a search finds them: those that publish something to who looks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.registry import Link
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind, in_order
from parvis.hub.search.selectors import facet_counts
from parvis.hub.ui.formatting import number

ORGANISATION = "organisation"


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    rows = Organisation.objects.select_related("territory")
    for row in (rows if keys is None else rows.filter(pk__in=keys)).iterator(chunk_size=500):
        yield SearchDocument(
            kind=ORGANISATION,
            key=row.pk,
            title=row.name,
            territories=(row.territory.name,) if row.territory else (),
            text=str(row.get_kind_display()),
        )


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    rows = in_order(Organisation.objects.filter(pk__in=keys), keys)
    counts = facet_counts(actor, "organisation", [row.slug for row in rows]) if rows else {}
    return [_hit(row, counts[row.slug]) for row in rows if counts.get(row.slug)][:most]


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
