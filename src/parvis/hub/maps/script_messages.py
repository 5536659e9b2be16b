"""The words that the map's script shows, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def map_words() -> dict[str, str]:
    """Sentences by key; ``{n}``, ``{value}`` and ``{label}`` are filled by the script."""
    return {
        "label": _(
            "Carte : {label}. Flèches pour se déplacer, plus et moins pour zoomer, Entrée pour ouvrir ce qui est au centre ; "
            "la liste donne les mêmes éléments."
        ),
        "noMap": _("Votre navigateur ne peut pas dessiner cette carte."),
        "noData": _(
            "Les données de la carte n’ont pas pu être chargées. Vérifiez votre connexion, puis rechargez la page."
        ),
        "toTable": _("Voir le tableau"),
        "inView": _("{n} éléments à l’écran"),
        "oneInView": _("1 élément à l’écran"),
        "noneInView": _("Aucun élément à l’écran. Éloignez la vue ou déplacez la carte."),
        "gathered": _("Zoomez pour les voir un par un."),
        "firstShown": _("Les {n} premiers sont dans la liste."),
        "cluster": _("{n} éléments, cliquez pour zoomer"),
        "group": _("Groupe de {n} éléments"),
        "samePlace": _("{n} éléments au même endroit"),
        "row": _("Ligne {n}"),
        "empty": _("non renseigné"),
        "others": _("autres valeurs"),
        "unknown": _("non renseigné"),
        "below": _("moins de {value}"),
        "above": _("{value} et plus"),
        "between": _("de {value} à {end}"),
        "single": _("Une seule couleur"),
        "close": _("Fermer"),
        "zoomIn": _("Zoomer"),
        "zoomOut": _("Dézoomer"),
        "around": _("Autour de moi"),
        "aroundFailed": _("Votre position n’a pas pu être trouvée."),
        "fullscreen": _("Plein écran"),
        "leaveFullscreen": _("Quitter le plein écran"),
        "whole": _("Tout voir"),
        "credits": _("Sources de la carte"),
        "colon": _("\u00a0: "),
        "gestures": _("Ctrl + molette pour zoomer"),
        "gesturesMac": _("⌘ + molette pour zoomer"),
        "twoFingers": _("Deux doigts pour déplacer la carte"),
        "true": _("oui"),
        "false": _("non"),
    }
