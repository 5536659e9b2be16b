"""``/api/parvis/v1/collectes/…/reponses``: applications answer with a key as people do on the page, and follow what becomes of it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import Forbidden
from parvis.core.surveys.model import Field as Question
from parvis.core.surveys.model import Form, Kind
from parvis.core.surveys.places import written_path
from parvis.core.translation import gettext_noop
from parvis.domains.surveys.entries import (
    Refusal,
    Sending,
    already_received,
    check,
    fillable_form,
    receive,
    require_open,
    respondent_of,
)
from parvis.domains.surveys.models import Answer, Survey
from parvis.domains.surveys.posting import PARTS, kept_others
from parvis.domains.surveys.receipts import address_of, answer_called, secret_of
from parvis.domains.surveys.rules import MOST_PHOTOS, AnswersRefused, BadEntry, SurveyClosed
from parvis.domains.surveys.selectors import survey_at
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest, ApiRouter
from parvis.hub.api.schemas import Body, Documented, Moment, Uri, among
from parvis.hub.apikeys.requests import caller_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.visitors.rules import Visitor

router = ApiRouter("surveys", _("Réponses aux collectes"))

Place = Annotated[str, Documented(_("L’identifiant de la collecte, tel qu’il est dans l’adresse de sa page."))]
Secret = Annotated[str, Documented(_("Le secret qui permet de suivre la réponse."))]


class KeyCannotAnswer(Forbidden):
    """A call without an account, or by a key made for reading."""

    code: ClassVar[str] = "survey-scope"
    sentence: ClassVar[str] = gettext_noop(
        "Il faut une clé d’API de portée « proposer » pour répondre à une collecte par programme."
    )
    advice: ClassVar[str] = gettext_noop("Créez-la dans « Mes clés d’API », ou passez par la page de la collecte.")


class AnswersToCorrect(AnswersRefused):
    """Something is wrong with some of the answers: told one after the other, each by its name."""

    code: ClassVar[str] = "survey-answers-named"
    sentence: ClassVar[str] = gettext_noop("Des réponses sont à corriger. {faults}")


class AnswerRequest(Body):
    """What is answered, by the names of the questions, which the collection gives as ``form``."""

    uuid: Annotated[
        str,
        Field(max_length=36),
        Documented(
            _("Le nom que l’application donne à cet envoi : envoyé deux fois, il fait une réponse."), format="uuid"
        ),
    ]
    answers: Annotated[
        dict[str, Any],
        Field(max_length=400),
        Documented(
            _(
                "Un texte, un nombre ou un booléen ; une liste de valeurs ; pour un point, latitude, longitude et address ; pour un "
                "tracé ou une surface, du GeoJSON ; pour un groupe, une liste d’objets ; pour une photo, son nom dans photos."
            )
        ),
    ]
    photos: Annotated[
        dict[str, str], Field(max_length=MOST_PHOTOS), Documented(_("Les photos par leur nom, en base 64."))
    ] = {}
    consent: Annotated[int | None, Documented(_("Le numéro du texte de consentement que la personne a accepté."))] = (
        None
    )
    invitation: Annotated[str, Field(max_length=200)] = ""


class SentAnswer(Body):
    """An answer, as who sent it follows it."""

    uid: Secret
    receipt: str
    state: Annotated[str, among(state for state, _label in Answer.STATES)]
    reason: str
    received: Moment
    decided: Moment | None
    url: Uri


@router.operation(
    "/collectes/{str:slug}/reponses",
    "createSurveyAnswer",
    _("Répondre à une collecte."),
    SentAnswer,
    url_name="survey_answers_api",
    method="POST",
    errors=(400, 403, 404, 413, 422),
)
def create(request: ApiRequest, slug: Place, body: AnswerRequest) -> SentAnswer:
    """Receive it in the name of the key's owner, within the bounds of the page; the errors of ``receive``, AnswersToCorrect."""
    caller = caller_of(request)
    if caller.actor.person_id is None or (caller.key_id is not None and caller.scope != Scope.PROPOSE):
        raise KeyCannotAnswer(action="répondre")
    survey = survey_at(caller.actor, slug)
    form = fillable_form(survey)
    if form is None:
        raise SurveyClosed(title=survey.title)
    respondent, sending = respondent_of(survey, caller.actor, body.invitation), _sending(form, body)
    answer = already_received(survey, sending)
    if answer is None:
        require_open(survey)
        visitor = Visitor(f"person:{caller.actor.person_id}", proven=True, person_id=caller.actor.person_id)
        answer = receive(survey, respondent, sending, _checked(survey, sending), visitor)
    return _sent(answer)


@router.operation(
    "/collectes/{str:slug}/reponses/{str:uid}",
    "getSurveyAnswer",
    _("Où en est une réponse à une collecte."),
    SentAnswer,
    url_name="survey_answer_api",
    errors=(404,),
)
def get(request: ApiRequest, slug: Place, uid: Secret) -> SentAnswer:
    """The answer of that secret."""
    return _sent(answer_called(survey_at(request.auth, slug), uid))


def _sent(answer: Answer) -> SentAnswer:
    moments: dict[str, Any] = {
        "received": answer.received.isoformat(),
        "decided": answer.decided.isoformat() if answer.decided else None,
    }
    return SentAnswer(
        uid=secret_of(answer),
        receipt=answer.receipt,
        state=answer.state,
        reason=answer.reason,
        url=canonical(address_of(answer)),
        **moments,
    )


def _checked(survey: Survey, sending: Sending) -> dict[str, Any]:
    try:
        return check(survey, sending)
    except Refusal as refusal:
        language = get_language() or "fr"
        faults = (f"{fault.path} : {fault.sentence.text(language)}" for fault in refusal.faults)
        raise AnswersToCorrect(faults=" ".join(faults)) from refusal


def _sending(form: Form, body: AnswerRequest) -> Sending:
    names = {question.name for question in form.fields}
    return Sending(
        uuid=body.uuid,
        answers=_typed(form.fields, body.answers, body.photos),
        files={name: _file(name, content) for name, content in body.photos.items()},
        consent=str(body.consent or ""),
        others=kept_others({name: value for name, value in body.answers.items() if name not in names}),
        guest_token=body.invitation,
    )


def _file(name: str, content: str) -> SimpleUploadedFile:
    try:
        return SimpleUploadedFile(name[:100] or "photo", b64decode(content, validate=True))
    except ValueError as error:
        raise BadEntry from error


def _typed(questions: Iterable[Question], answers: Mapping[str, Any], photos: Mapping[str, str]) -> dict[str, Any]:
    """Answers as the page would send them: values of JSON become what somebody would have typed."""
    typed: dict[str, Any] = {}
    for question in questions:
        raw = answers.get(question.name)
        if question.kind is Kind.REPEAT:
            rows = raw if isinstance(raw, list) else []
            typed[question.name] = [_typed(question.fields, row, photos) for row in rows if isinstance(row, Mapping)]
        elif question.kind is Kind.PHOTO:
            typed[question.name] = _photo(raw, photos)
        elif question.kind is Kind.POINT:
            parts = raw if isinstance(raw, Mapping) else {}
            typed[question.name] = {part: _text(parts.get(part)) for part in PARTS}
        elif question.kind in (Kind.LINE, Kind.AREA) and isinstance(raw, Mapping):
            typed[question.name] = _path(raw)
        else:
            typed[question.name] = [_text(item) for item in raw] if isinstance(raw, list) else [_text(raw)]
    return typed


def _photo(raw: Any, photos: Mapping[str, str]) -> str:
    name = _text(raw)
    if name and name not in photos:
        raise BadEntry
    return name


def _path(geometry: Mapping[str, Any]) -> str:
    try:
        if geometry["type"] == "Polygon" and len(geometry["coordinates"]) > 1:
            raise BadEntry  # a surface with holes is not what people trace
        return written_path(geometry)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadEntry from error


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "oui" if raw else "non"
    return str(raw) if isinstance(raw, str | int | float) else ""
