"""Receiving an answer: judged, its photos written again, kept once however many times it is sent."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.core.errors import RequestError
from parvis.core.pictures import EXTENSIONS, MEDIA_TYPES
from parvis.core.surveys.answers import Fault, judge
from parvis.core.surveys.checking import FORMER, problems_of
from parvis.core.surveys.model import Form, Kind
from parvis.core.surveys.table import photos_of
from parvis.domains.surveys.guests import guest_of
from parvis.domains.surveys.kinds import ANSWER_NOTICE, WAITS
from parvis.domains.surveys.models import Answer, Consent, Guest, Photo, Survey
from parvis.domains.surveys.outputs import ask_for_dataset
from parvis.domains.surveys.rules import (
    LATE,
    MOST_PHOTOS,
    AnswersRefused,
    Audience,
    BadEntry,
    ConsentMissing,
    NotInvited,
    State,
    SurveyClosed,
    SurveyFull,
    first_state,
)
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.services import subscribe
from parvis.hub.quality.notices import tell_owners_today
from parvis.hub.uploads.services import receive_picture
from parvis.hub.visitors.rules import MOST_PER_PERSON, ProofMissing, TooManySent, Visitor
from parvis.hub.visitors.services import count_sending
from parvis.hub.visitors.texts import searched

LONGEST_PHOTO_EDGE = 2_560
MOST_CONSENTS = 1_000_000
_SIGNER = Signer(salt="parvis.surveys.opened")


class Refusal(AnswersRefused):
    """Answers that will not do, each with what is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Sending:
    """What a browser sends: ``uuid`` is its own name of the entry, ``opened`` when the page was, as we signed it then."""

    uuid: str
    answers: Mapping[str, Any]
    files: Mapping[str, UploadedFile]
    opened: str = ""
    consent: str = ""
    """The number of the text that the person agreed to, empty when they did not."""
    others: Mapping[str, str] = field(default_factory=dict)
    """What was typed in questions that the form asks no more: an entry may wait for weeks in a telephone."""
    guest_token: str = ""
    site: int | None = None

    @property
    def key(self) -> str:
        """The same for the same entry sent again; another when the person went back and changed a word of it. BadEntry."""
        try:
            uuid = UUID(self.uuid)
        except ValueError as error:
            raise BadEntry from error
        digests = {name: _digest(file) for name, file in sorted(self.files.items())}
        facts = json.dumps([uuid.hex, self.answers, digests], sort_keys=True, default=str)
        return hashlib.sha256(facts.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers: a guest, somebody with an account, or anybody."""

    guest: Guest | None = None
    person_id: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether no proof is asked."""
        return self.guest is not None or self.person_id is not None


def mark_of_opening() -> str:
    """When a page is opened, as ``Sending.opened`` gives it back."""
    return _SIGNER.sign(str(int(timezone.now().timestamp())))


def fillable_form(survey: Survey) -> Form | None:
    """What the survey asks; None while something of it makes no sense."""
    form = survey.form
    return None if problems_of(form) else form


def respondent_of(survey: Survey, actor: Actor, guest_token: str = "") -> Respondent:
    """Who answers; NotInvited when the survey is not for them."""
    if survey.audience == Audience.INVITED:
        guest = guest_of(survey, guest_token)
        if guest is None:
            raise NotInvited(title=survey.title)
        return Respondent(guest, actor.person_id)
    if survey.audience == Audience.MEMBERS and not may(actor, "read", survey.organisation_id):
        raise NotInvited(title=survey.title)
    return Respondent(None, actor.person_id)


def require_open(survey: Survey, opened: str = "") -> bool:
    """SurveyClosed or SurveyFull unless an answer may come now; True when it comes late, from a page opened in time."""
    now = timezone.now()
    if not survey.live:
        raise SurveyClosed(title=survey.title)
    is_late = not survey.is_open_at(now)
    if is_late and not (survey.closes and now < survey.closes + LATE and _opened_in_time(survey, opened)):
        raise SurveyClosed(title=survey.title)
    if survey.quota is not None and expected_answers(survey) >= survey.quota:
        raise SurveyFull(title=survey.title)
    return is_late


def expected_answers(survey: Survey) -> int:
    """How many answers count against the quota."""
    return survey.answers.exclude(state__in=(State.REFUSED, State.UNCONFIRMED)).count()


def _opened_in_time(survey: Survey, opened: str) -> bool:
    try:
        moment = datetime.fromtimestamp(int(_SIGNER.unsign(opened)), tz=UTC)
    except (BadSignature, ValueError, OverflowError):
        return False
    return survey.is_open_at(moment)


def already_received(survey: Survey, sending: Sending) -> Answer | None:
    """The answer that this very entry made when it was sent before."""
    return survey.answers.filter(key=sending.key).first()


def check(survey: Survey, sending: Sending) -> dict[str, Any]:
    """The values to be kept of an entry; Refusal, ConsentMissing, BadEntry. Nothing is written."""
    form = fillable_form(survey)
    if form is None:
        raise SurveyClosed(title=survey.title)
    judgement = judge(form, sending.answers)
    if judgement.faults:
        raise Refusal(judgement.faults)
    _consent(survey, sending)
    if len(photos_of(form, judgement.values)) > MOST_PHOTOS:
        raise BadEntry
    return {**judgement.values, **({FORMER: dict(sending.others)} if sending.others else {})}


def receive(
    survey: Survey, respondent: Respondent, sending: Sending, values: dict[str, Any], visitor: Visitor | None
) -> Answer:
    """Keep an entry that ``check`` let pass: one answer, however many times and from however many tabs it is sent.

    ``visitor`` is who sends it, None for a guest without an account. SurveyClosed, SurveyFull, PictureRefused, ProofMissing, TooManySent, and the
    errors of a mail to confirm: nothing is kept then.
    """
    form = survey.form
    is_proven = respondent.is_known or (visitor is not None and visitor.proven)
    if not is_proven and not mail_is_open():
        raise ProofMissing
    photos = {name: _photo(sending.files[name]) for name in photos_of(form, values)}
    final_values = _with_keys(form, values, {name: photo.key for name, (photo, _content) in photos.items()})
    names_persons = any(searched(text).is_held for text in texts_of(form, values))
    try:
        with transaction.atomic():
            Survey.objects.select_for_update().get(pk=survey.pk)
            if (same := already_received(survey, sending)) is not None:
                return same
            is_late = require_open(survey, sending.opened)
            answer = Answer.objects.create(
                survey=survey,
                key=sending.key,
                values=final_values,
                state=first_state(is_moderated=survey.is_moderated, names_persons=names_persons, is_proven=is_proven),
                names_persons=names_persons,
                is_late=is_late,
                revision=survey.revision,
                consent=_consent(survey, sending),
                guest=respondent.guest,
                person_id=respondent.person_id,
            )
            if survey.quota is not None and expected_answers(survey) > survey.quota:
                raise SurveyFull(title=survey.title)
            for photo, content in photos.values():
                photo.answer = answer
                photo.file.save(f"{photo.key}.{content.name}", content, save=False)
                photo.save()
            _follow(survey, answer, respondent, visitor, sending.site)
            ask_for_dataset(answer.survey)
            if answer.state == State.RECEIVED:
                tell_owners_today(WAITS, survey.organisation_id)
    except IntegrityError:
        # The same entry from two tabs at once, where the database has no lock of rows: the first made the answer.
        same = already_received(survey, sending)
        if same is None:
            raise
        return same
    return answer


def _follow(survey: Survey, answer: Answer, respondent: Respondent, visitor: Visitor | None, site: int | None) -> None:
    if respondent.guest is not None and _sent_today(respondent.guest) > MOST_PER_PERSON:
        raise TooManySent
    if visitor is None:
        return
    count_sending(visitor, f"survey {survey.pk}")
    if respondent.is_known or not visitor.email or not mail_is_open():
        return
    try:
        with transaction.atomic():
            subscribe(visitor.caller, visitor.email, ANSWER_NOTICE, str(answer.pk), site=site)
    except RequestError:
        if not visitor.proven:  # the mail is what confirms it; otherwise an answer matters more than being told of it
            raise


def _sent_today(guest: Guest) -> int:
    return guest.answers.filter(received__gt=timezone.now() - timedelta(days=1)).count()


def _consent(survey: Survey, sending: Sending) -> Consent | None:
    """The text that the person read and agreed to, which may not be today's; ConsentMissing."""
    if not survey.consent.strip():
        return None
    number = int(sending.consent[:9]) if sending.consent.isascii() and sending.consent.isdecimal() else 0
    consent = survey.consents.filter(number=min(number, MOST_CONSENTS)).first()
    if consent is None:
        raise ConsentMissing
    return consent


def _photo(upload: UploadedFile) -> tuple[Photo, ContentFile[bytes]]:
    received = receive_picture(upload.name or "photo", upload, longest=LONGEST_PHOTO_EDGE)
    photo = Photo(key=secrets.token_hex(16), media_type=MEDIA_TYPES[received.kind], bytes=len(received.body))
    return photo, ContentFile(received.body, name=EXTENSIONS[received.kind])


def _with_keys(form: Form, values: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The values, photos under their keys rather than under the names of their inputs."""
    changed = dict(values)
    for question in form.fields:
        if question.name not in values:
            continue
        if question.kind is Kind.PHOTO:
            changed[question.name] = keys[values[question.name]]
        elif question.kind is Kind.REPEAT:
            names = {item.name for item in question.fields if item.kind is Kind.PHOTO}
            changed[question.name] = [
                {name: keys[value] if name in names else value for name, value in row.items()}
                for row in values[question.name]
            ]
    return changed


def texts_of(form: Form, values: Mapping[str, Any]) -> list[str]:
    """What was written freely in an answer: texts, and addresses of points."""
    texts: list[str] = []
    for question in form.fields:
        value = values.get(question.name)
        if question.kind in (Kind.TEXT, Kind.LONG_TEXT) and value:
            texts.append(value)
        elif question.kind is Kind.POINT and value and value.get("address"):
            texts.append(value["address"])
        elif question.kind is Kind.REPEAT:
            for row in value or ():
                texts += [
                    row[item.name]
                    for item in question.fields
                    if item.kind in (Kind.TEXT, Kind.LONG_TEXT) and item.name in row
                ]
    return texts


def _digest(file: UploadedFile) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
