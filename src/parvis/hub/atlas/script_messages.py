"""The words that the map's script shows, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parvis.hub.maps.script_messages import map_words


def atlas_words() -> dict[str, str]:
    """Sentences by key: those of a dataset's map, and what is only here; ``{n}``, ``{place}``… are filled by the script."""
    return {
        **map_words(),
        "rows": _("Voir les lignes"),
        "origin": _("D’où viennent ces valeurs"),
        "onScreen": _("À l’écran"),
        "nearest": _("Du plus près au plus loin de : {place}"),
        "distance": _("à {distance}"),
        "me": _("votre position"),
        "found": _("Lieux trouvés :"),
        "noPlace": _("Aucun lieu de ce nom. Essayez une commune, ou un nom qui figure sur la carte."),
        "chosen": _("Lieu choisi : {place}"),
        "searchFailed": _("La recherche n’a pas abouti. Vérifiez votre connexion, puis réessayez."),
        "aroundWhy": _("Votre position reste dans votre navigateur : elle n’est envoyée à personne."),
        "aroundRefused": _(
            "Votre navigateur ne donne pas votre position : autorisez-le, ou cherchez un lieu par son nom."
        ),
        "play": _("Défiler"),
        "pause": _("Arrêter"),
        "pictureStays": _("L’image et les listes disent la même chose."),
    }
