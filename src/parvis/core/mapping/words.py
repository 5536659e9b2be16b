"""Why a column or a schema was proposed, in French and English: rows."""

from __future__ import annotations

from parvis.core.mapping.model import Reason

REASONS: dict[str, tuple[str, str]] = {
    "same-name": ("même nom", "same name"),
    "same-but-signs": ("même nom, aux majuscules et aux signes près", "same name but for case and signs"),
    "title": ("c’est le titre du champ (« {title} »)", "it is the title of the field (“{title}”)"),
    "cut": ("« {field} » coupé à dix caractères, comme dans un shapefile", "“{field}” cut at ten characters, as in a shapefile"),
    "close-name": ("nom presque identique à « {field} »", "name nearly the same as “{field}”"),
    "words": ("mots de même sens {words}", "words of the same meaning {words}"),
    "values": ("{percent}\u202f% des valeurs conviennent", "{percent}% of the values suit"),
    "two-columns": ("le point est fait de « {x} » et « {y} »", "the point is made of “{x}” and “{y}”"),
    "one-of-point": ("une des deux coordonnées de « {of} »", "one of the two coordinates of “{of}”"),
    "period": ("la période va de « {start} » à « {end} »", "the period goes from “{start}” to “{end}”"),
    "person": ("choisi par vous", "chosen by you"),
    "fields-found": ("{found} champs sur {fields} reconnus", "{found} of {fields} fields recognised"),
    "required-found": ("{found} champs obligatoires sur {required}", "{found} of {required} required fields"),
    "columns-left": ("{count} colonnes du fichier ne sont pas dans ce schéma", "{count} columns of the file are not in this schema"),
}  # fmt: skip


def reason_text(reason: Reason, language: str = "fr") -> str:
    """A reason in words."""
    template = REASONS[reason.code][0 if language.startswith("fr") else 1]
    details = dict(reason.details)
    words = details.get("words")
    details["words"] = f"({', '.join(words)})" if words else ""
    details["percent"] = round(100 * float(details.get("share", 0)))
    if language.startswith("fr"):
        template = template.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return template.format(**details).strip()
