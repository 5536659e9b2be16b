"""The secret of an answer: who has it reads what became of the answer, and erases it."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.urls import reverse

from parvis.core.errors import NotFound
from parvis.domains.surveys.models import Answer, Survey
from parvis.domains.surveys.outputs import ask_to_forget
from parvis.hub.audit.services import record
from parvis.hub.visitors.receipt_rules import VISITOR

_SALT = "parvis.surveys.receipts"


def secret_of(answer: Answer) -> str:
    """What is given once to who sent it; it is signed from the row, and kept nowhere."""
    return signing.dumps(answer.pk, salt=_SALT)


def address_of(answer: Answer) -> str:
    """The page where who sent it follows it; the row's ``survey`` is there."""
    return reverse("survey-thanks", args=[answer.survey.slug, secret_of(answer)])


def answer_called(survey: Survey, secret: str) -> Answer:
    """The answer to a form whose secret it is; NotFound for another's, a wrong one, and once it is erased."""
    try:
        key = signing.loads(secret[:200], salt=_SALT)
    except signing.BadSignature as error:
        raise NotFound(name=survey.slug) from error
    answer = survey.answers.select_related("survey").filter(pk=key).first()
    if answer is None:
        raise NotFound(name=survey.slug)
    return answer


def erase_own(answer: Answer) -> None:
    """Remove for ever what somebody sent, at their own word: the answer, its photos, and its row of the dataset."""
    survey, receipt = answer.survey, answer.receipt
    with transaction.atomic():
        answer.delete()
        record(VISITOR.name, None, "survey.erase", Survey.noun, survey.slug, title=survey.title, receipt=receipt)
        ask_to_forget(survey)
