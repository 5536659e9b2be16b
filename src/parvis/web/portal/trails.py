"""Where each figure of the public pages comes from."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.columns import Column
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.datastore.selectors import seen_through, source_of
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import POPULATION_YEAR
from parvis.hub.ui.formatting import day, number
from parvis.hub.ui.trail import Trail


def of_rows(dataset: Dataset) -> Trail:
    """How many rows a dataset has."""
    query = _("nombre de lignes du tableau, sans filtre")
    seen = seen_through(dataset)
    if seen is not None and seen.place:
        query = _("nombre de lignes qui concernent %s") % seen.lens.name
    return _of_dataset(dataset, number(source_of(dataset).rows), query, {})


def of_filled(dataset: Dataset, column: Column, share: str) -> Trail:
    """The share of the rows that have a value in a column."""
    query = _("part des lignes où la colonne « %s » est remplie") % column.label
    return _of_dataset(dataset, share, query, {"colonne": column.name, "op": "rempli", "valeur": ""})


def of_catalogue(text: str, address: str, query: str) -> Trail:
    """A figure counted over the public catalogue, as it stands now; ``address`` lists what was counted."""
    facts = (
        (_("Valeur"), text),
        (_("Date"), day(timezone.now())),
        (_("Source"), _("catalogue de ce portail")),
        (_("Requête"), query),
    )
    return Trail(text, address, facts, ((_("Voir ce qui est compté"), address),))


def of_population(territory: Territory, population: int) -> Trail:
    """How many inhabitants a territory has, by the reference that comes with Parvis."""
    text, address = number(population), territory.get_absolute_url()
    is_sum = territory.population is None
    facts = (
        (_("Valeur"), text),
        (_("Date"), str(POPULATION_YEAR)),
        (_("Source"), _("Insee, population municipale")),
        (_("Territoire"), f"{territory.name} ({territory.code})"),
        (_("Requête"), _("somme des populations de ses communes") if is_sum else _("population du territoire")),
    )
    return Trail(text, address, facts, ((_("Voir le territoire"), address),))


def _of_dataset(dataset: Dataset, text: str, query: str, filters: dict[str, str]) -> Trail:
    """A figure of a dataset's current version; its rows are shown in that version, so that a link to them stays true."""
    base = dataset.get_absolute_url()
    address = f"{base}table/?{urlencode({**filters, 'version': dataset.current.name})}"
    facts = ((_("Valeur"), text), *provenance(dataset, dataset.current, query))
    return Trail(text, address, facts, ways_back(dataset, address))
