"""What sendings did and what was seen there, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG
from parvis.hub.republication.mapping import FREQUENCIES, LICENCES, NO_LICENCE
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.plan import Gesture
from parvis.hub.republication.proof import is_as_sent
from parvis.hub.republication.rules import Outcome
from parvis.hub.ui.formatting import instant, number

GESTURES = {
    Gesture.CREATE: gettext_lazy("Créer la fiche"),
    Gesture.CARD: gettext_lazy("Mettre à jour la fiche"),
    Gesture.REMOVE: gettext_lazy("Retirer"),
    Gesture.ADD: gettext_lazy("Ajouter"),
    Gesture.CHANGE: gettext_lazy("Mettre à jour"),
    Gesture.CLOSE: gettext_lazy("Archiver la fiche"),
    Gesture.DELETE: gettext_lazy("Supprimer la fiche"),
}
FIELDS = {
    "title": gettext_lazy("titre"),
    "description": gettext_lazy("description"),
    "license": gettext_lazy("licence"),
    "frequency": gettext_lazy("fréquence"),
    "tags": gettext_lazy("mots-clés"),
    "temporal_coverage": gettext_lazy("période"),
    "spatial": gettext_lazy("territoire"),
    "contact_points": gettext_lazy("contact"),
    "base_api_url": gettext_lazy("adresse du service"),
    "machine_documentation_url": gettext_lazy("description pour les programmes"),
    "technical_documentation_url": gettext_lazy("documentation technique"),
    "business_documentation_url": gettext_lazy("page ici"),
    "authorization_request_url": gettext_lazy("où demander l’accès"),
    "access_type": gettext_lazy("accès"),
    "rate_limiting": gettext_lazy("limite d’appels"),
    "availability": gettext_lazy("disponibilité"),
    "datasets": gettext_lazy("jeux de données servis"),
    "private": gettext_lazy("privé"),
    "archived": gettext_lazy("archivé le"),
    "type": gettext_lazy("nature"),
    "url": gettext_lazy("adresse"),
    "format": gettext_lazy("format"),
    "mime": gettext_lazy("type MIME"),
    "filesize": gettext_lazy("taille"),
    "checksum": gettext_lazy("empreinte"),
    "schema": gettext_lazy("schéma"),
}
_LICENCES_HERE = {there: here for here, there in LICENCES.items()}
_FREQUENCIES_HERE = {there: here for here, there in FREQUENCIES.items()}
OUTCOMES = dict(Copy.OUTCOMES)
_PLURALS = {
    Outcome.CREATED: lambda count: ngettext("%(count)s créé", "%(count)s créés", count),
    Outcome.CHANGED: lambda count: ngettext("%(count)s changé", "%(count)s changés", count),
    Outcome.UNCHANGED: lambda count: ngettext("%(count)s inchangé", "%(count)s inchangés", count),
    Outcome.RETIRED: lambda count: ngettext("%(count)s retiré", "%(count)s retirés", count),
    Outcome.REFUSED: lambda count: ngettext("%(count)s refusé", "%(count)s refusés", count),
    Outcome.LEFT: lambda count: ngettext("%(count)s pas envoyé", "%(count)s pas envoyés", count),
}


def counts_words(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Each outcome that there is and how many datasets had it, in words: « 3 créés »."""
    return [
        (str(outcome), words(counts[outcome]) % {"count": number(counts[outcome])})
        for outcome, words in _PLURALS.items()
        if counts.get(outcome)
    ]


def scope_words(portal: Portal) -> str:
    """Which datasets of the catalogue are sent."""
    return str(portal.get_scope_display())


def value_words(field: str, value: str) -> str:
    """What a field is there or here, licences and frequencies by their names rather than by the words of udata."""
    if field == "license":
        licence = LICENCE_BY_SLUG.get(_LICENCES_HERE.get(value, value))
        return licence.name if licence else _("non précisée") if value == NO_LICENCE else value
    frequency = FREQUENCY_BY_SLUG.get(_FREQUENCIES_HERE.get(value, value)) if field == "frequency" else None
    return _(frequency.label) if frequency else value


def differences_words(rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Field, what is there, what is here, whether somebody changed it there."""
    return [
        {
            "field": str(FIELDS.get(field, field)),
            "there": value_words(field, there) or "—",
            "here": value_words(field, here) or "—",
            "edited": edited,
        }
        for field, there, here, edited in rows
    ]


def report_words(report: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a sending or a trial did with one dataset: when, each gesture and its differences, what was refused of it."""
    if not report:
        return None
    return {
        "at": instant(datetime.fromisoformat(report["at"])),
        "outcome": str(OUTCOMES.get(report["outcome"], "")),
        "steps": [
            {"gesture": GESTURES[Gesture(gesture)], "title": title, "differences": differences_words(rows)}
            for gesture, title, rows in report["steps"]
        ],
        "left": report["left"],
        "left_alone": [str(FIELDS[name]) for name in report.get("left_alone", ())],
        "refused": [(str(FIELDS.get(name, name)), reason) for name, reason in report.get("refused", ())],
    }


def proof_words(copy: Copy) -> dict[str, Any] | None:
    """What was seen there, file by file."""
    proof = copy.proof
    if not proof or not copy.seen:
        return None
    return {
        **proof,
        "licence": value_words("license", proof["licence"]),
        "at": instant(copy.seen),
        "same": is_as_sent(proof),
        "differences": differences_words(proof["differences"]),
        "refused": [str(FIELDS.get(name, name)) for name in proof["refused"]],
        "files": [_file_words(row) for row in proof["files"]],
    }


def _file_words(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "differences": differences_words(row["differences"]),
        "visited": _moment(row["visited"]),
        "validated": _moment(row["validated"]),
    }


def _moment(text: str) -> str:
    """A moment that another portal wrote; as it wrote it when it is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return instant(moment) if moment is not None and moment.tzinfo is not None else text


def seen_words(copy: Copy) -> str:
    """In one line: seen there when, and whether it is as here."""
    if not copy.seen or not copy.proof:
        return "—"
    at = instant(copy.seen)
    if not copy.proof["public"]:
        return _("le %(at)s : personne ne l’y voit") % {"at": at}
    if is_as_sent(copy.proof):
        return _("le %(at)s, comme ici") % {"at": at}
    return _("le %(at)s, avec des différences") % {"at": at}
