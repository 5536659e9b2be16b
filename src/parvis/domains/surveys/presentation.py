"""What the page of a form shows: its questions, what was typed, why it cannot be filled, what its scripts are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.errors import ParvisError
from parvis.core.geo.svg import bounds
from parvis.core.surveys.checking import FORMER
from parvis.core.surveys.conditions import parse
from parvis.core.surveys.model import Field, Form, Kind
from parvis.core.surveys.places import written_path
from parvis.domains.surveys.entries import (
    Respondent,
    fillable_form,
    mark_of_opening,
    require_open,
    respondent_of,
)
from parvis.domains.surveys.models import Survey
from parvis.domains.surveys.posting import input_name, parts_of
from parvis.domains.surveys.rules import SurveyClosed
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.maps.base_map import base_of_maps
from parvis.hub.maps.script_messages import map_words
from parvis.hub.sites.selectors import face_of
from parvis.hub.ui.errors import problem_of
from parvis.hub.ui.formatting import instant
from parvis.hub.visitors.forms import VisitorForm

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory


def page_facts(survey: Survey, request: HttpRequest, guest_token: str = "") -> dict[str, Any]:
    """The page as it is opened: the form to fill, or ``problem``, which says why it cannot be."""
    form = fillable_form(survey)
    facts: dict[str, Any] = {"form": form, "is_preview": not survey.live, "dates": dates_words(survey)}
    try:
        respondent = respondent_of(survey, actor_of(request.user), guest_token)
        if survey.live:
            require_open(survey)
    except ParvisError as error:
        problem = problem_of(error)
        if isinstance(error, SurveyClosed):
            problem["remedy"] = dates_words(survey)  # nothing is written yet, that could be lost
        return {**facts, "problem": problem, "form": None}
    if form is None:
        return {**facts, "problem": {"title": _("Ce formulaire n’est pas prêt."), "remedy": "", "code": ""}}
    return {**facts, **filled_facts(survey, form, request, respondent, guest_token=guest_token)}


def filled_facts(
    survey: Survey,
    form: Form,
    request: HttpRequest,
    respondent: Respondent,
    *,
    answers: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    guest_token: str = "",
) -> dict[str, Any]:
    """The form to fill, with what was typed and what is wrong with it."""
    visitor_form = VisitorForm(request)
    return {
        "parts": parts_of(form, answers or {}, errors or {}),
        "entry": str(uuid4()),
        "consent_number": consent_number(survey),
        "opened": mark_of_opening(),
        "guest_token": guest_token,
        "guest": respondent.guest,
        "visitor_form": None if respondent.is_known else visitor_form,
        "settings": {
            **script_settings(survey, form, is_known=respondent.is_known),
            "map": map_settings(form, face_of(request).territory or survey.organisation.territory),
        },
        "words": script_words(),
    }


def dates_words(survey: Survey) -> str:
    """When it opens or closes, to the minute."""
    now = timezone.now()
    if survey.opens and now < survey.opens:
        return _("Ouvre le %(day)s") % {"day": instant(survey.opens)}
    if survey.closes and survey.closes <= now:
        return _("Fermé depuis le %(day)s") % {"day": instant(survey.closes)}
    return _("Jusqu’au %(day)s") % {"day": instant(survey.closes)} if survey.closes else ""


def consent_number(survey: Survey) -> int:
    """That of the text of consent as it is shown; 0 for a form that was never online with it."""
    latest = survey.consents.order_by("-number").first() if survey.consent.strip() else None
    return latest.number if latest is not None and latest.text == survey.consent.strip() else 0


def script_settings(survey: Survey, form: Form, *, is_known: bool) -> dict[str, Any]:
    """What the scripts of the page are told: where to send, conditions read once here, and their words."""
    return {
        "survey": survey.slug,
        "title": survey.title,
        "page": survey.get_absolute_url(),
        "send": reverse("survey-send", args=[survey.slug]),
        "token": reverse("survey-token"),
        "places": reverse("visitor-places"),
        "proof": "" if is_known else reverse("visitor-proof"),
        "worker": reverse("survey-worker"),
        "conditions": {
            **{
                f"partie-{number}": parse(section.condition)
                for number, section in enumerate(form.sections)
                if section.condition
            },
            **{input_name(field.name): parse(field.condition) for field in form.fields if field.condition},
        },
        "inside": {
            input_name(group.name): {item.name: parse(item.condition) for item in group.fields if item.condition}
            for group in form.fields
            if group.fields
        },
        "kinds": {field.name: field.kind.value for field in form.every_field()},
    }


_PLACES = (Kind.POINT, Kind.LINE, Kind.AREA)


def map_settings(form: Form, territory: Territory | None) -> dict[str, Any] | None:
    """What a map to choose on begins with: the territory of the site, or of who asks; None when no place is asked."""
    if not any(field.kind in _PLACES for field in form.every_field()):
        return None
    return {
        "base": base_of_maps(),
        "box": bounds([territory.contour]) if territory is not None and territory.contour else None,
        "words": map_words(),
        "language": get_language() or "fr",
    }


def script_words() -> dict[str, str]:
    """What the scripts say, in the language of the page; names between braces are theirs to fill."""
    return {
        **_place_words(),
        "heading": _("Vos réponses dans ce navigateur"),
        "offline": _(
            "Vous êtes hors ligne : continuez, vos réponses attendent ici et partiront quand le réseau reviendra."
        ),
        "draft": _("Brouillon"),
        "waiting": _("En attente d’envoi"),
        "sending": _("Envoi en cours…"),
        "received": _("Reçue n° {receipt}"),
        "refused": _("Refusée"),
        "photos": _("fichiers joints : {count}"),
        "open": _("Voir le reçu"),
        "forget": _("Retirer de cette liste"),
        "elsewhere": _("Ouverte dans un autre onglet."),
        "send": _("Envoyer maintenant"),
        "sendAgain": _("Envoyer de nouveau"),
        "sendAll": _("Envoyer tout ce qui attend"),
        "resume": _("Reprendre"),
        "correct": _("Corriger"),
        "delete": _("Supprimer"),
        "deleteSure": _("Supprimer pour toujours ?"),
        "saved": _("Brouillon gardé dans ce navigateur à {hour}."),
        "queued": _("Votre réponse est gardée dans ce navigateur, en attente d’envoi. Elle partira dès que possible."),
        "heavy": _("Cette réponse est trop lourde pour être envoyée : retirez une photo (15 Mo au plus en tout)."),
        "unreachable": _(
            "Le service ne répond pas. Votre réponse reste ici : un nouvel essai aura lieu dans quelques minutes."
        ),
        "trouble": _(
            "Le service a répondu par une erreur ({status}). Votre réponse reste ici : un nouvel essai aura lieu dans quelques minutes."
        ),
        "notOurs": _(
            "Ce n’est pas le service qui a répondu : votre réseau demande peut-être de s’identifier. Votre réponse reste ici."
        ),
        "full": _(
            "Votre navigateur n’a plus de place : ce que vous écrivez n’est pas gardé. Envoyez, ou faites de la place."
        ),
        "refusedStorage": _("Votre navigateur refuse de garder ce que vous écrivez : restez en ligne jusqu’à l’envoi."),
        "required": _("Une réponse est nécessaire."),
        "number": _("Écrivez un nombre : 12 ou 12,5."),
        "whole": _("Écrivez un nombre entier, sans virgule."),
        "least": _("La réponse doit être au moins {bound}."),
        "most": _("La réponse doit être au plus {bound}."),
    }


def _place_words() -> dict[str, str]:
    return {
        "located": _("Position trouvée, à {metres} m près."),
        "mapPoint": _("Touchez la carte, ou déplacez-la avec les flèches du clavier puis prenez son centre."),
        "mapPath": _(
            "Touchez la carte à chaque angle, ou déplacez-la avec les flèches du clavier puis prenez son centre."
        ),
        "mapMiddle": _("Prendre le centre de la carte"),
        "mapUndo": _("Retirer le dernier point"),
        "noMap": _("La carte ne peut pas s’ouvrir : elle a besoin du réseau. Localisez-vous, ou écrivez l’adresse."),
        "places": _("Lieux trouvés : choisissez le bon."),
        "noPlace": _(
            "Aucun lieu de ce nom n’est connu ici : laissez l’adresse telle quelle, elle sera lue par une personne."
        ),
        "noSearch": _(
            "La recherche a besoin du réseau : laissez l’adresse telle quelle, elle sera lue par une personne."
        ),
        "placed": _("Lieu retenu : {place}."),
        "notLocated": _("Votre navigateur ne dit pas où vous êtes : autorisez-le, ou écrivez l’adresse."),
    }


def errors_of(faults: Any) -> dict[str, str]:
    """What is wrong, in words of the page, by the path of the answer."""
    language = get_language() or "fr"
    return {fault.path: fault.sentence.text(language) for fault in faults}


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A question and its answer in words; ``entries`` of a group, ``photo`` its address, ``place`` on a map."""

    label: str
    text: str = ""
    photo: str = ""
    position: tuple[float, float] | None = None
    entries: tuple[tuple[ShownValue, ...], ...] = ()


def shown_values(
    form: Form, values: Mapping[str, Any], photos: Mapping[str, str], *, most: int | None = None
) -> list[ShownValue]:
    """The answers that were given, in the order of the form, then those of questions that it asks no more; the first ``most``."""
    shown = [
        _shown(field, values[field.name], photos)
        for field in form.fields
        if values.get(field.name) not in (None, "", [])
    ]
    names = {field.name for field in form.fields}
    others = {
        **{name: value for name, value in values.items() if name not in (*names, FORMER)},
        **values.get(FORMER, {}),
    }
    shown += [ShownValue(f"{name} ({_('question retirée')})", str(value)[:500]) for name, value in others.items()]
    return shown[:most]


def _shown(field: Field, value: Any, photos: Mapping[str, str]) -> ShownValue:
    if field.kind is Kind.REPEAT:
        entries = tuple(
            tuple(_shown(item, row[item.name], photos) for item in field.fields if item.name in row) for row in value
        )
        return ShownValue(field.label, str(len(entries)), entries=entries)
    if field.kind is Kind.PHOTO:
        return ShownValue(field.label, _("photo"), photo=photos.get(value, ""))
    if field.kind is Kind.POINT:
        position = (value["latitude"], value["longitude"]) if "latitude" in value else None
        text = f"{position[0]}, {position[1]}" if position else ""
        return ShownValue(field.label, " · ".join(filter(None, (value.get("address", ""), text))), position=position)
    if field.kind in (Kind.LINE, Kind.AREA):
        return ShownValue(field.label, written_path(value).replace("\n", " ; "))
    return ShownValue(field.label, _words(field, value))


def _words(field: Field, value: Any) -> str:
    if field.kind is Kind.YES_NO:
        return _("oui") if value else _("non")
    if field.kind is Kind.SEVERAL:
        return ", ".join(field.label_of(item) for item in value)
    if field.kind is Kind.ONE:
        return field.label_of(value)
    if field.kind is Kind.DATE:
        return date_format(date.fromisoformat(value), "j F Y")
    return str(value).replace(".", ",") if field.kind is Kind.DECIMAL else str(value)
