"""What scripts say of sending a file in pieces and of waiting for it to be read (``frontend/src/upload/words.ts``)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from parvis.hub.ui.formatting import size_units


def sending_words() -> dict[str, Any]:
    """In the language of the page."""
    return {
        "sending": _("Envoi : {done} sur {total}, {percent} %, {rate}/s"),
        "left": _(", encore {time} environ"),
        "waiting": _("Connexion perdue. L’envoi reprendra tout seul là où il en était."),
        "resumed": _("L’envoi reprend là où il en était."),
        "sent": _("Le fichier est envoyé. Lecture…"),
        "cancelled": _("L’envoi est annulé. Rien n’a été gardé."),
        "cancel": _("Annuler l’envoi"),
        "refused": _("Le fichier n’a pas pu être envoyé : {reason}"),
        "lost": _("Le serveur ne répond plus. La page réessaie."),
        "seconds": _("{n} s"),
        "minutes": _("{n} min"),
        "units": size_units(),
    }
