"""Words of verdicts, doubts and decisions, as a data officer says them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.core.osm.model import Doubt, Verdict

VERDICTS = {
    Verdict.MISSING_THERE.value: _("Absent d’OpenStreetMap"),
    Verdict.MISSING_HERE.value: _("Absent de notre fichier"),
    Verdict.POSSIBLE.value: _("Peut-être le même"),
    Verdict.MOVED.value: _("Positions éloignées"),
    Verdict.DIFFERENT.value: _("Informations différentes"),
    Verdict.SAME.value: _("Rien à faire"),
}
MARKS = {
    Verdict.MISSING_THERE.value: "+",
    Verdict.MISSING_HERE.value: "−",
    Verdict.POSSIBLE.value: "?",
    Verdict.MOVED.value: "↔",
    Verdict.DIFFERENT.value: "≠",
    Verdict.SAME.value: "=",
}
"""A sign for each, so that the map does not speak by colours alone."""
EXPLAINED = {
    Verdict.MISSING_THERE.value: _(
        "La ligne de notre fichier n’a pas d’objet dans OpenStreetMap : l’y ajouter, ou retirer la ligne."
    ),
    Verdict.MISSING_HERE.value: _(
        "OpenStreetMap a un objet que notre fichier n’a pas : ajouter une ligne, ou le signaler là-bas."
    ),
    Verdict.POSSIBLE.value: _(
        "Il s’agit sans doute de la même chose, sans que la référence, le nom ou la place suffise à le dire."
    ),
    Verdict.MOVED.value: _("La même chose, à deux endroits trop éloignés : l’une des deux positions est à corriger."),
    Verdict.DIFFERENT.value: _("La même chose, dont les deux ne disent pas la même chose."),
    Verdict.SAME.value: _("Les deux disent la même chose."),
}
DOUBTS = {
    Doubt.SHARED_REFERENCE.value: _("plusieurs ont cette référence"),
    Doubt.OTHER_REFERENCE.value: _("les deux références ne sont pas les mêmes"),
    Doubt.OTHER_NAME.value: _("les deux noms se ressemblent peu"),
    Doubt.RIVAL.value: _("un autre est presque aussi proche"),
}
DECISIONS = {
    "corrected": _("notre ligne est corrigée"),
    "edited": _("envoyé à OpenStreetMap"),
    "noted": _("signalé par une note"),
    "done": _("fait dans un éditeur"),
    "dismissed": _("rien à faire"),
    "sending": _("envoi en cours"),
}
BY_HAND = ("corrected", "done", "dismissed")
"""Those that a person says; the others follow from what was sent."""
