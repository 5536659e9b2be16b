"""The words that the map's script shows, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parvis.hub.maps.words import map_words


def atlas_words() -> dict[str, str]:
    """Sentences by key: those of a dataset's map, and what is only here; ``{n}``, ``{place}``… are filled by the script."""
    return {
        **map_words(),
        "layers": _("Couches"),
        "show": _("Montrer « {label} »"),
        "rows": _("Voir les lignes"),
        "nearest": _("Le plus près de : {place}"),
        "me": _("votre position"),
        "distance": _("à {distance}"),
        "onScreen": _("À l’écran"),
        "shown": _("{n} éléments à l’écran, les {m} premiers ci-dessous"),
        "allMoments": _("Toute la période"),
        "previous": _("Moment précédent"),
        "next": _("Moment suivant"),
        "noPlace": _("Aucun lieu de ce nom. Essayez une commune, ou un nom qui figure sur la carte."),
        "left": _("Carte de gauche : {label}"),
        "right": _("Carte de droite : {label}"),
        "chosen": _("Lieu choisi : {place}"),
        "aroundWhy": _("Votre position reste dans votre navigateur : elle n’est envoyée à personne."),
    }
