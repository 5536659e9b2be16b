"""Sending an answer, by the form of the page or by its scripts; the page of a guest; photos; the worker that keeps forms offline."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from parvis.core.errors import NotFound, ParvisError
from parvis.domains.surveys.collection import SurveyCollection
from parvis.domains.surveys.entries import (
    Refusal,
    Respondent,
    Sending,
    already_received,
    check,
    fillable_form,
    receive,
    require_open,
    respondent_of,
)
from parvis.domains.surveys.guests import guest_of
from parvis.domains.surveys.models import Answer, Photo, Survey
from parvis.domains.surveys.posting import input_name, other_answers, posted_answers
from parvis.domains.surveys.presentation import errors_of, filled_facts, page_facts
from parvis.domains.surveys.receipts import address_of, answer_called, erase_own
from parvis.domains.surveys.rules import Output, State, SurveyClosed, SurveyWithdrawn, VisitorRefused
from parvis.domains.surveys.selectors import survey_at
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.sites.places import place_of
from parvis.hub.ui.assets import script_body
from parvis.hub.ui.errors import as_json, as_page, problem_of
from parvis.hub.uploads.answers import file_answer
from parvis.hub.visitors.forms import VisitorForm
from parvis.hub.visitors.rules import Visitor

OF_THIS_SITE = "same-origin"
"""Secret addresses are told to no other site. Not « no-referrer »: browsers then send « Origin: null » with a form, which is refused."""


@never_cache
@require_GET
def token(request: HttpRequest) -> JsonResponse:
    """What a page that was kept offline needs to send: the token against forged requests, of today."""
    return JsonResponse({"token": get_token(request)})


@require_safe
def invitation(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The page of a guest."""
    survey = survey_at(actor_of(request.user), slug)
    if guest_of(survey, token) is None:
        raise NotFound(name=slug)
    response = _page(request, survey, page_facts(survey, request, token))
    response["Referrer-Policy"] = OF_THIS_SITE
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Receive an answer: JSON for scripts, which keep what they sent until they have a receipt; else a page."""
    actor = actor_of(request.user)
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        survey = survey_at(actor, slug)
    except NotFound:
        if not wants_json:
            raise
        return as_json(SurveyWithdrawn())
    if "ajouter" in request.POST:
        return _page_again(request, survey, actor)
    try:
        sending, respondent = (
            _sending(request, survey),
            respondent_of(survey, actor, request.POST.get("invitation", "")),
        )
        answer = already_received(survey, sending) or _receive(request, survey, respondent, sending)
    except ParvisError as error:
        return _refused_json(error) if wants_json else _page_again(request, survey, actor, error)
    address = address_of(answer)
    if wants_json:
        facts = {"receipt": answer.receipt, "address": address, "state": answer.state}
        return JsonResponse(facts, status=201)
    return redirect(address)


def _sending(request: HttpRequest, survey: Survey) -> Sending:
    form = fillable_form(survey)
    if form is None:
        raise SurveyClosed(title=survey.title)
    posted = request.POST
    return Sending(
        uuid=posted.get("entree", "")[:64],
        answers=posted_answers(form, posted, request.FILES),
        files={name: request.FILES[name] for name in request.FILES},
        opened=posted.get("ouverture", "")[:200],
        consent=posted.get("accord", "")[:10],
        others=other_answers(form, posted),
        guest_token=posted.get("invitation", ""),
        site=place_of(request).site,
    )


def _receive(request: HttpRequest, survey: Survey, respondent: Respondent, sending: Sending) -> Answer:
    require_open(survey, sending.opened)
    values = check(survey, sending)
    visitor: Visitor | None = None
    if respondent.person_id is not None:
        visitor = Visitor(f"person:{respondent.person_id}", proven=True, person_id=respondent.person_id)
    elif not respondent.is_known:
        form = VisitorForm(request, request.POST)
        if not form.is_valid():
            raise VisitorRefused(problem=" ".join(str(error) for errors in form.errors.values() for error in errors))
        visitor = form.visitor
    return receive(survey, respondent, sending, values, visitor)


def _refused_json(error: ParvisError) -> JsonResponse:
    response = as_json(error)
    if isinstance(error, Refusal):
        language = get_language() or "fr"
        faults = [{"name": input_name(fault.path), "text": fault.sentence.text(language)} for fault in error.faults]
        facts = {
            "error_code": error.code,
            "message": error.message(language),
            "hint": error.hint(language),
            "faults": faults,
        }
        return JsonResponse(facts, status=error.status)
    return response


def _page_again(request: HttpRequest, survey: Survey, actor: Actor, error: ParvisError | None = None) -> HttpResponse:
    """The form as it was filled, with what is wrong, if anything: nothing that was typed is lost."""
    guest_token, form = request.POST.get("invitation", ""), fillable_form(survey)
    try:
        respondent = respondent_of(survey, actor, guest_token)
        if form is None:
            raise SurveyClosed(title=survey.title)
    except ParvisError as refusal:
        return as_page(request, error or refusal)
    answers = posted_answers(form, request.POST, request.FILES)
    errors = errors_of(error.faults) if isinstance(error, Refusal) else {}
    facts = filled_facts(survey, form, request, respondent, answers=answers, errors=errors, guest_token=guest_token)
    facts |= {"form": form, "agrees": bool(request.POST.get("accord")), "lost_photos": bool(request.FILES)}
    facts["problem"] = problem_of(error) if error else None
    return _page(request, survey, facts, 422 if error else 200)


def _page(request: HttpRequest, survey: Survey, facts: dict[str, Any], status: int = 200) -> HttpResponse:
    collection = SurveyCollection()
    page = {"collection": collection, "record": survey, "files": [], "change_address": "", "json_ld": "", **facts}
    return render(request, collection.page_template, page, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """The page of an answer for who sent it: its number, what became of it, and the way to erase it (POST, in two presses)."""
    survey = survey_at(actor_of(request.user), slug)
    answer = answer_called(survey, receipt)
    act = request.POST.get("acte", "")
    facts = {"collection": SurveyCollection(), "record": survey, "answer": answer, "asks": act == "effacer"}
    if act == "effacer-vraiment":
        erase_own(answer)
        facts["is_erased"] = True
    response = render(request, "surveys/thanks.html", facts)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = OF_THIS_SITE
    return response


@require_safe
def photo(request: HttpRequest, slug: str, key: str) -> FileResponse:
    """A photo: of an accepted answer for anybody when the form shows them, of any answer for who moderates. NotFound."""
    row = Photo.objects.select_related("answer__survey").filter(key=key).first()
    if row is None:
        raise NotFound(name=key)
    survey = row.answer.survey
    is_open = survey.shows_photos and survey.output == Output.PUBLIC and row.answer.state == State.ACCEPTED
    if not is_open and not may(actor_of(request.user), "edit", survey.organisation_id):
        raise NotFound(name=key)
    return file_answer(row.file, row.media_type)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps forms for when there is no network; from here, it sees the addresses of forms alone."""
    script = script_body("src/collect-worker.ts")
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
