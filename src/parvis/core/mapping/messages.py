"""Why a column or a schema was proposed: rows."""

from __future__ import annotations

from parvis.core.mapping.model import Reason
from parvis.core.translation import gettext_noop, typeset

REASONS: dict[str, str] = {
    "same-name": gettext_noop("même nom"),
    "same-but-signs": gettext_noop("même nom, aux majuscules et aux signes près"),
    "title": gettext_noop("c’est le titre du champ (« {title} »)"),
    "cut": gettext_noop("« {field} » coupé à dix caractères, comme dans un shapefile"),
    "close-name": gettext_noop("nom presque identique à « {field} »"),
    "words": gettext_noop("mots de même sens {words}"),
    "values": gettext_noop("{percent}\u202f% des valeurs conviennent"),
    "two-columns": gettext_noop("le point est fait de « {x} » et « {y} »"),
    "one-of-point": gettext_noop("une des deux coordonnées de « {of} »"),
    "period": gettext_noop("la période va de « {start} » à « {end} »"),
    "person": gettext_noop("choisi par vous"),
    "fields-found": gettext_noop("champs reconnus : {found} sur {fields}"),
    "required-found": gettext_noop("champs obligatoires : {found} sur {required}"),
    "columns-left": gettext_noop("colonnes du fichier qui n’y sont pas : {count}"),
}  # fmt: skip


def reason_text(reason: Reason, language: str = "fr") -> str:
    """A reason in words."""
    details = dict(reason.details)
    words = details.get("words")
    details["words"] = f"({', '.join(words)})" if words else ""
    details["percent"] = round(100 * float(details.get("share", 0)))
    return typeset(REASONS[reason.code], language).format(**details).strip()
