"""Writing forms and deciding of answers: right, act, journal."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from parvis.core.surveys.checking import problems_of
from parvis.domains.surveys.kinds import ANSWER_NOTICE, WAITS
from parvis.domains.surveys.models import Answer, Consent, Photo, Survey
from parvis.domains.surveys.outputs import ask_for_dataset, ask_to_forget
from parvis.domains.surveys.rules import QuestionsMissing, ReasonNeeded, State, first_state
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.selectors import subscriptions_to
from parvis.hub.quality.notices import tell_owners_today
from parvis.hub.records.services import publish

UNCONFIRMED = timedelta(days=7)
ORPHANS = timedelta(days=2)
MOST_FORGOTTEN = 10_000
"""Answers that one night erases."""
LONGEST_REASON = 1_000


def publish_survey(actor: Actor, survey: Survey) -> Survey:
    """Put a form online; QuestionsMissing while something of it makes no sense."""
    latest: Survey = survey.get_latest_revision_as_object()
    problems = problems_of(latest.form)
    if problems:
        raise QuestionsMissing(title=survey.title, problem=problems[0].sentence)
    return publish(actor, survey)


def decide(actor: Actor, survey: Survey, keys: Sequence[int], state: State, reason: str = "") -> int:
    """Put answers in a state; how many changed. ReasonNeeded for a refusal without a reason.

    Two moderators at once: the second finds nothing left to change when both decide the same, else has the last word, and both are
    in the journal.
    """
    require(actor, "publish", survey.organisation_id, f"décider des réponses à « {survey.title} »")
    words = reason.strip()[:LONGEST_REASON]
    if state is State.REFUSED and not words:
        raise ReasonNeeded
    with transaction.atomic():
        answers = list(
            survey.answers.select_for_update().filter(pk__in=keys).exclude(state__in=(state, State.UNCONFIRMED))
        )
        for answer in answers:
            answer.state, answer.reason, answer.decided = state, words, timezone.now()
            answer.save(update_fields=["state", "reason", "decided"])
            _note(actor, answer, survey, f"survey.{state.value}")
            if state in (State.ACCEPTED, State.REFUSED):
                for subscription in subscriptions_to(ANSWER_NOTICE, str(answer.pk)).filter(confirmed__isnull=False):
                    write_to_subscriber(subscription, ANSWER_NOTICE)
        if answers:
            ask_for_dataset(survey)
    return len(answers)


def erase(actor: Actor, survey: Survey, keys: Sequence[int]) -> int:
    """Remove answers for ever, with their photos and the address of who asked to be told; how many."""
    require(actor, "publish", survey.organisation_id, f"effacer des réponses à « {survey.title} »")
    with transaction.atomic():
        answers = list(survey.answers.filter(pk__in=keys))
        for answer in answers:
            _note(actor, answer, survey, "survey.erase")
            answer.delete()
        if answers:
            ask_to_forget(survey)
    return len(answers)


def confirmed(answer: Answer) -> str:
    """The mail was answered: the answer is received like any other; its state."""
    with transaction.atomic():
        state = first_state(is_moderated=answer.survey.is_moderated, names_persons=answer.names_persons, is_proven=True)
        if Answer.objects.filter(pk=answer.pk, state=State.UNCONFIRMED).update(state=state):
            ask_for_dataset(answer.survey)
            if state is State.RECEIVED:
                tell_owners_today(WAITS, answer.survey.organisation_id)
    return state.value


def forget_old() -> int:
    """Erase answers whose time is over, those that nobody confirmed, and files without an answer; how many answers."""
    count, now = 0, timezone.now()
    late = Answer.objects.filter(state=State.UNCONFIRMED, received__lt=now - UNCONFIRMED)
    for answer in list(late[:MOST_FORGOTTEN]):
        answer.delete()
        count += 1
    for survey in Survey.objects.filter(keeps_months__isnull=False):
        limit = now - timedelta(days=30.44 * (survey.keeps_months or 0))
        old = list(survey.answers.filter(received__lt=limit)[:MOST_FORGOTTEN])
        for answer in old:
            answer.delete()
        if old:
            ask_to_forget(survey)
        count += len(old)
    _remove_orphans()
    return count


def _remove_orphans() -> None:
    """Files of transactions that never ended: written, then the process was killed."""
    with contextlib.suppress(FileNotFoundError):
        years, _files = default_storage.listdir("surveys")
        for year in years:
            names = [f"surveys/{year}/{name}" for name in default_storage.listdir(f"surveys/{year}")[1]]
            present = set(Photo.objects.filter(file__startswith=f"surveys/{year}/").values_list("file", flat=True))
            for name in names:
                if name not in present and default_storage.get_modified_time(name) < timezone.now() - ORPHANS:
                    default_storage.delete(name)


def erase_file(instance: Photo, **_rest: Any) -> None:
    """A photo goes with its row, whatever removes that, once it is gone for good."""
    storage, path = instance.file.storage, instance.file.name
    transaction.on_commit(lambda: storage.delete(path))


def _note(actor: Actor, answer: Answer, survey: Survey, act: str) -> None:
    record(actor.name, actor.person_id, act, Survey.noun, survey.slug, title=survey.title, receipt=answer.receipt)


def record_changed(sender: type[Survey], record: Survey, act: str, **_rest: Any) -> None:
    """What a form asks, or where its answers go, was changed online: the text of consent has its number, the dataset follows."""
    if act not in ("publish", "update", "scheduled", "move") or not record.live:
        return
    text, latest = record.consent.strip(), record.consents.order_by("-number").first()
    if text and (latest is None or latest.text != text):
        Consent.objects.create(survey=record, number=latest.number + 1 if latest else 1, text=text)
    if record.answers.exists():
        ask_for_dataset(record)
