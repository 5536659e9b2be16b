"""A search in words, for those who want to be told of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.finding.results import labels_of, understood
from parvis.domains.deliberations.rules import amount_words
from parvis.hub.fulltext.rules import Range
from parvis.hub.search.rules import FacetCount
from parvis.hub.ui.formatting import day, number, with_unit


def described(query: ActQuery) -> str:
    """« le mot « école », sous toutes ses formes ; Grigny ; à 300 m au plus de… »; « tous les actes » when nothing narrows it."""
    facets = {
        name: tuple(FacetCount(value, value, 0, active=True) for value in values)
        for name, values in query.filters.items()
    }
    labels = labels_of(facets)
    rows = understood(query)
    rows += [", ".join(labels[name].get(value, value) for value in values) for name, values in query.filters.items()]
    days = [day(query.fields[name]) if query.fields.get(name) else "" for name in ("du", "au")]
    rows += _between(*days)
    rows += _between(*_amounts(query.ranges.get("montant", (None, None))))
    if query.around is not None:
        far = with_unit(number(query.around.metres), "m")
        words = (
            _("à %(far)s au plus de « %(place)s »")
            if query.around.latitude is not None
            else _("« %(place)s » dans le texte")
        )
        rows.append(words % {"far": far, "place": query.around.title})
    return " ; ".join(rows) or _("tous les actes")


def _amounts(bounds: Range) -> list[str]:
    return ["" if cents is None else amount_words(cents) for cents in bounds]


def _between(least: str, most: str) -> list[str]:
    if least and most:
        return [_("de %(least)s à %(most)s") % {"least": least, "most": most}]
    if least:
        return [_("à partir de %(least)s") % {"least": least}]
    return [_("jusqu’à %(most)s") % {"most": most}] if most else []
