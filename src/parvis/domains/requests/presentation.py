"""The words of a request: its state, its dates, the remedies of the law."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.domains.requests.law import REMEDY, quoted, silence_of
from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import Stage, answer_due, remedy_due
from parvis.hub.records.rules import Status

CADA_URL = "https://www.cada.fr/"


def state_words(request: DataRequest) -> str:
    """Where it is, in a few words."""
    if request.to_confirm:
        return _("à confirmer")
    if request.stage == Stage.OPEN and request.received:
        return _("en attente, réponse au plus tard le %(day)s") % {"day": _day(answer_due(request.received))}
    if request.answered:
        return _("%(state)s le %(day)s") % {"state": request.get_stage_display(), "day": _day(request.answered)}
    return str(request.get_stage_display())


def remedy_words(request: DataRequest) -> str:
    """What who asked may do against a refusal, and until when; empty when nothing was refused."""
    if not Stage(request.stage).is_refusal or request.received is None:
        return ""
    refused = request.answered or answer_due(request.received)
    words = _(
        "Vous pouvez saisir la Commission d’accès aux documents administratifs (CADA), gratuitement, avant le %(day)s (CRPA, articles "
        "R311-15 et R343-1). C’est obligatoire avant d’aller devant le tribunal administratif (L342-1)."
    )
    return words % {"day": _day(remedy_due(refused))}


def silence_words(request: DataRequest) -> str:
    """What silence means; empty unless it was kept."""
    if request.stage != Stage.SILENT:
        return ""
    return _(
        "L’organisation n’a pas répondu dans le mois : la loi tient ce silence pour un refus (CRPA, articles R*311-12 et R311-13). Elle "
        "peut encore répondre."
    )


def lines_for_sender(request: DataRequest) -> tuple[str, ...]:
    """What who asked is told besides the state."""
    lines = [silence_words(request)]
    if request.stage == Stage.SILENT:
        lines.append(quoted(silence_of(request.kind)))
    if request.answer:
        lines.append(_("Réponse : %s") % request.answer)
    if request.ground:
        lines.append(_("Motif : %s.") % request.get_ground_display())
    if remedy := remedy_words(request):
        lines += [remedy, quoted(REMEDY)]
    if request.stage == Stage.OPEN and request.received:
        lines.append(
            _(
                "Sans réponse à cette date, votre demande est refusée, et vous pourrez saisir la CADA : gardez cette page."
            )
        )
    if request.status == Status.RETIRED and request.reason:
        lines.append(_("Elle n’est pas montrée à tous : %s. L’organisation y répond tout de même.") % request.reason)
    return tuple(line for line in lines if line)


def _day(day: object) -> str:
    return date_format(day, "j F Y")  # type: ignore[arg-type]
