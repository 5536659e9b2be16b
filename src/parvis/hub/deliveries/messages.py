"""Recurrences, states and findings in the words of the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from parvis.core.errors import stored_error
from parvis.core.translation import SOURCE
from parvis.hub.deliveries.rules import Every, Standing, State
from parvis.hub.ui.formatting import day, number

if TYPE_CHECKING:
    from parvis.hub.deliveries.models import Delivery, Expectation

STANDINGS: Mapping[Standing, Any] = {
    Standing.EXPECTED: gettext_lazy("attendue"),
    Standing.DELIVERED: gettext_lazy("livrée"),
    Standing.DELIVERED_LATE: gettext_lazy("livrée en retard"),
    Standing.WAITING: gettext_lazy("à décider"),
    Standing.AT_WORK: gettext_lazy("en cours de lecture"),
    Standing.REFUSED: gettext_lazy("refusée"),
    Standing.LATE: gettext_lazy("en retard"),
    Standing.MISSING: gettext_lazy("manquante"),
}

SENTENCES: Mapping[str, Any] = {
    "empty": gettext_lazy("Le fichier n’a aucune ligne."),
    "same-file": gettext_lazy("C’est exactement le même fichier que la fois précédente."),
    "fewer-rows": gettext_lazy("%(percent)s %% de lignes en moins : %(after)s, contre %(before)s la fois précédente."),
    "column-gone": gettext_lazy("Colonnes disparues : %(columns)s."),
    "column-renamed": gettext_lazy("La colonne « %(old)s » a disparu ; « %(new)s » est peut-être son nouveau nom."),
    "column-emptied": gettext_lazy("Colonnes qui ont perdu toutes leurs valeurs : %(columns)s."),
    "column-retyped": gettext_lazy("Colonnes qui n’ont plus le même type : %(columns)s."),
    "schema": gettext_lazy("Le schéma « %(schema)s » n’est pas respecté : erreurs, %(count)s."),
    "misfits": gettext_lazy("Valeurs qui n’ont pas le type de leur colonne, et seraient effacées : %(count)s."),
    "lines": gettext_lazy("Lignes du fichier qui n’ont pas pu être lues : %(count)s."),
    "held": gettext_lazy("La publication est retenue : %(reason)s"),
}
"""For each code of ``verdicts.Finding``."""


def finding_sentence(finding: Mapping[str, Any]) -> str:
    """One thing that calls for a decision."""
    details = dict(finding["details"])
    if "error" in details:
        details["reason"] = stored_error(details["error"], get_language() or SOURCE)[0]
    if "columns" in details:
        more = int(details["count"]) - len(details["columns"])
        details["columns"] = ", ".join(f"« {label} »" for label in details["columns"]) + (f", + {more}" if more else "")
    for name in ("count", "before", "after"):
        if isinstance(details.get(name), int):
            details[name] = number(details[name])
    return str(SENTENCES.get(finding["code"], finding["code"])) % details


def sentences_of(delivery: Delivery) -> list[str]:
    """All that is to be said of it: why it could not be read, else what calls for a decision."""
    if delivery.error:
        message, hint = stored_error(delivery.error, get_language() or SOURCE)
        return [f"{message} {hint}".strip()]
    return [finding_sentence(finding) for finding in delivery.findings]


def state_name(state: str) -> str:
    """Where a delivery stands."""
    names = {
        State.RECEIVING: _("en cours d’envoi"),
        State.AT_WORK: _("en cours de lecture"),
        State.DELIVERED: _("acceptée"),
        State.WAITING: _("à décider"),
        State.REFUSED: _("refusée"),
        State.UNREADABLE: _("illisible"),
        State.REPLACED: _("remplacée"),
    }
    return names[State(state)]


def recurrence_words(expectation: Expectation) -> str:
    """« Chaque mois, le 10 au plus tard »."""
    every, rank = Every(expectation.every), expectation.day
    if every is Every.ONCE:
        return _("Une fois, le %(day)s au plus tard") % {"day": day(expectation.once)}
    if every is Every.WEEK:
        return _("Chaque semaine, le %(day)s au plus tard") % {"day": WEEKDAYS[min(rank, 7) - 1].lower()}
    if every is Every.MONTH:
        return _("Chaque mois, le %(day)s au plus tard") % {"day": rank}
    if every is Every.YEAR:
        facts = {"day": rank, "month": str(MONTHS[min(expectation.month, 12)]).lower()}
        return _("Chaque année, le %(day)s %(month)s au plus tard") % facts
    facts = {"day": rank, "month": expectation.month}
    if every is Every.QUARTER:
        return _("Chaque trimestre, le %(day)s du mois n° %(month)s au plus tard") % facts
    return _("Chaque semestre, le %(day)s du mois n° %(month)s au plus tard") % facts


def facts_sentence(facts: Mapping[str, Any]) -> str:
    """« 1 204 lignes (1 180 la fois précédente), 12 colonnes »."""
    if "rows" not in facts:
        return ""
    rows = ngettext("%(count)s ligne", "%(count)s lignes", facts["rows"]) % {"count": number(facts["rows"])}
    if "rows_before" in facts:
        rows += " " + _("(%(count)s la fois précédente)") % {"count": number(facts["rows_before"])}
    columns = ngettext("%(count)s colonne", "%(count)s colonnes", facts["columns"]) % {
        "count": number(facts["columns"])
    }
    return f"{rows}, {columns}"
