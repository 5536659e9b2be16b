"""Where each figure of the public pages comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.columns import Column
from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.catalogue.provenance import SHARED, provenance, ways_back
from parvis.hub.datastore.selectors import seen_through, source_of
from parvis.hub.ui.formatting import day, number
from parvis.hub.ui.trail import Trail

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.territories.models import Territory

type Filter = tuple[str, str, str]
"""Column, operator and value of a filter of the table (``hub.ui.filters``)."""


def of_rows(dataset: Dataset) -> Trail:
    """How many rows a dataset has."""
    query = _("nombre de lignes du tableau, sans filtre")
    seen = seen_through(dataset)
    if seen is not None and seen.place:
        query = _("nombre de lignes qui concernent %s") % seen.lens.name
    return of_table(dataset, dataset.current, source_of(dataset).rows, f"?version={dataset.current.name}", query)


def of_table(dataset: Dataset, version: Version, rows: int, parameters: str, query: str) -> Trail:
    """How many rows a table shows; ``parameters`` are its address, in that version, so that a link to it stays true."""
    text, address = number(rows), f"{dataset.get_absolute_url()}table/{parameters}"
    return Trail(
        text, address, ((_("Valeur"), text), *provenance(dataset, version, query)), ways_back(dataset, address)
    )


class Measured:
    """The figures measured on a version; their page has its ``shared_provenance``.

    ``of_all_rows``: on all its rows, whatever site shows them, and not on those that concern the site's commune.
    """

    def __init__(self, dataset: Dataset, version: Version, *, of_all_rows: bool) -> None:
        base, seen = dataset.get_absolute_url(), seen_through(dataset) if of_all_rows else None
        self._table = f"{absolute_url(without_prefix(base)) if seen is not None and seen.place else base}table/"
        self._version = version.name
        # Said once: a page may have hundreds of figures.
        self._words = _("Valeur"), _("Requête"), _("%(what)s « %(column)s »")

    def figure(self, text: str, query: str, *filters: Filter, sort: str = "") -> Trail:
        """A figure and what was asked; ``filters`` leave the rows that it is about, ``sort`` puts them in order."""
        pairs = [pair for one in filters for pair in zip(("colonne", "op", "valeur"), one, strict=True)]
        pairs += [("tri", sort)] if sort else []
        address = f"{self._table}?{urlencode([*pairs, ('version', self._version)])}#lignes"
        value, query_label, _of = self._words
        return Trail(text, address, ((value, text), (query_label, query)), base=SHARED)

    def of_column(self, column: Column, text: str, meaning: str, *filters: Filter, sort: str = "") -> Trail:
        """A figure of a column, with what it is in words; without ``filters``, of the rows that have a value in it."""
        query = self._words[2] % {"what": meaning, "column": column.label}
        return self.figure(text, query, *(filters or ((column.name, "rempli", ""),)), sort=sort)

    def filled(self, column: Column, share: str) -> Trail:
        """The share of the rows that have a value in a column."""
        query = _("part des lignes où la colonne « %s » est remplie") % column.label
        return self.figure(share, query, (column.name, "rempli", ""))

    def distinct(self, column: Column, count: int) -> Trail:
        """How many different values a column has."""
        meaning = _("nombre de valeurs distinctes de la colonne")
        return self.of_column(column, number(count), meaning, sort=column.name)


def of_catalogue(text: str, address: str, query: str) -> Trail:
    """A figure counted over the public catalogue, as it stands now; ``address`` lists what was counted."""
    facts = (
        (_("Valeur"), text),
        (_("Date"), day(timezone.now())),
        (_("Source"), _("catalogue de ce portail")),
        (_("Requête"), query),
    )
    return Trail(text, address, facts, ((_("Voir ce qui est compté"), address),))


def of_population(territory: Territory, population: int, year: int) -> Trail:
    """How many inhabitants a territory had in ``year``, by the reference that comes with Parvis."""
    text, address = number(population), territory.get_absolute_url()
    is_sum = territory.population is None
    facts = (
        (_("Valeur"), text),
        (_("Date"), str(year)),
        (_("Source"), _("Insee, population municipale")),
        (_("Territoire"), f"{territory.name} ({territory.code})"),
        (_("Requête"), _("somme des populations de ses communes") if is_sum else _("population du territoire")),
    )
    return Trail(text, address, facts, ((_("Voir le territoire"), address),))
