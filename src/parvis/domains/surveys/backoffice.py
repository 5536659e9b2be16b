"""« Collectes » in the back office: forms, the answers to read and decide of, invitations, files to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from parvis.core.errors import NotFound
from parvis.core.surveys.workbook import SheetRow, workbook
from parvis.core.surveys.xlsform.writing import write_xlsform
from parvis.domains.surveys.guests import invite, link_of, revoke
from parvis.domains.surveys.maker import SurveyMaker
from parvis.domains.surveys.models import Answer, Survey
from parvis.domains.surveys.outputs import table_of
from parvis.domains.surveys.presentation import ShownValue, shown_values
from parvis.domains.surveys.rules import DECISIONS, State
from parvis.domains.surveys.services import decide, erase
from parvis.hub.accounts.rules import may, require
from parvis.hub.addresses import canonical
from parvis.hub.audit.services import record
from parvis.hub.backoffice.screens import Screen, ScreenSet
from parvis.hub.backoffice.viewsets import CivicViewSet, RecordIndexView
from parvis.hub.records.selectors import managed_at

PER_PAGE = 50
MOST_EXPORTED = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SurveyIndexView(RecordIndexView):
    """Forms, each with how many answers it has, and how many wait."""

    def get_base_queryset(self) -> QuerySet[Survey]:
        """Counted in the question that lists them."""
        waiting = Count("answers", filter=Q(answers__state=State.RECEIVED))
        return super().get_base_queryset().annotate(answers_count=Count("answers"), waiting_count=waiting)


class SurveyViewSet(CivicViewSet):
    """The screens of forms."""

    model = Survey
    maker = SurveyMaker
    base_url_path = "collectes"
    icon = "form"
    menu_label = gettext_lazy("Collectes")
    menu_order = 160
    index_view_class = SurveyIndexView

    @cached_property
    def list_display(self) -> list[Any]:
        """What every record has, and its answers."""
        title, *rest = super().list_display
        counts = [
            Column("answers_count", label=gettext_lazy("Réponses")),
            Column("waiting_count", label=gettext_lazy("À relire")),
        ]
        return [title, *counts, *rest]


class OfOneSurvey(Screen):
    """A screen about one form; NotFound for whom it is not theirs to change."""

    header_icon = "form"

    @cached_property
    def survey(self) -> Survey:
        """The form of the address."""
        return managed_at(Survey, self.actor, self.kwargs["slug"])

    def trail(self) -> list[tuple[str, str]]:
        """The list, the form."""
        maker = reverse("surveys_admin:maker", args=[self.survey.slug])
        return [(reverse("surveys_admin:list"), _("Collectes")), (maker, self.survey.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the form, and whether the person decides."""
        may_decide = may(self.actor, "publish", self.survey.organisation_id)
        return {**super().get_context_data(**kwargs), "survey": self.survey, "may_decide": may_decide}


class AnswersScreen(OfOneSurvey):
    """The answers, those that wait first; some of them are accepted, refused, set aside or erased at once."""

    template_name = "surveys/backoffice/answers.html"
    page_title = gettext_lazy("Réponses")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of the list."""
        state = self.request.GET.get("etat", "")
        words = self.request.GET.get("recu", "").strip()[:40]
        answers = (
            self.survey.answers.select_related("guest")
            .annotate(photo_count=Count("photos"))
            .order_by("-received", "-pk")
        )
        if state in set(State):
            answers = answers.filter(state=state)
        if words:
            number = words.rpartition("-")[2]
            answers = answers.filter(pk=int(number)) if number.isdecimal() and len(number) < 12 else answers.none()
        page = Paginator(answers, PER_PAGE).get_page(self.request.GET.get("p"))
        counts = dict(self.survey.answers.order_by().values_list("state").annotate(Count("pk")))
        form = self.survey.form
        rows = [(answer, shown_values(form, answer.values, {}, most=4)) for answer in page]
        states = [(value, label, counts.get(value, 0)) for value, label in Answer.STATES]
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "rows": rows,
            "states": states,
            "state": state,
            "words": words,
            "table": table_of(self.survey),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide of those that are ticked."""
        keys = [int(key) for key in request.POST.getlist("reponse")[:500] if key.isdecimal() and len(key) < 12]
        act = request.POST.get("acte", "")
        if act == "effacer":
            count = erase(self.actor, self.survey, keys)
            words = ngettext("%(count)d réponse effacée.", "%(count)d réponses effacées.", count)
        elif act in DECISIONS:
            count = decide(self.actor, self.survey, keys, DECISIONS[act], request.POST.get("motif", ""))
            words = ngettext("%(count)d réponse changée.", "%(count)d réponses changées.", count)
        else:
            raise NotFound(name=act[:40])
        messages.success(request, words % {"count": count})
        is_gone = act == "effacer" and "key" in self.kwargs
        return redirect(reverse("surveys:answers", args=[self.survey.slug]) if is_gone else request.get_full_path())

    def fallback(self) -> str:
        """The same page: what was ticked is asked again with what is missing."""
        return self.request.get_full_path()


class AnswerScreen(AnswersScreen):
    """One answer, all of it."""

    template_name = "surveys/backoffice/answer.html"

    @cached_property
    def answer(self) -> Answer:
        """That of the address."""
        answer = self.survey.answers.select_related("guest", "person", "consent").filter(pk=self.kwargs["key"]).first()
        if answer is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return answer

    def get_page_title(self) -> str:
        """Its receipt."""
        return _("Réponse n° %(receipt)s") % {"receipt": self.answer.receipt}

    def trail(self) -> list[tuple[str, str]]:
        """The list of answers besides."""
        return [*super().trail(), (reverse("surveys:answers", args=[self.survey.slug]), _("Réponses"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every question with its answer; the next one that waits."""
        photos = {
            photo.key: reverse("survey-photo", args=[self.survey.slug, photo.key]) for photo in self.answer.photos.all()
        }
        waiting = self.survey.answers.filter(state=State.RECEIVED).exclude(pk=self.answer.pk).first()
        values: list[ShownValue] = shown_values(self.survey.form, self.answer.values, photos)
        context = OfOneSurvey.get_context_data(self, **kwargs)
        return {**context, "answer": self.answer, "values": values, "next": waiting}


class GuestsScreen(OfOneSurvey):
    """Who is invited, each with their link; names are pasted one a line."""

    template_name = "surveys/backoffice/guests.html"
    page_title = gettext_lazy("Invitations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The guests, and how often each answered."""
        guests = (
            self.survey.guests.filter(is_revoked=False).annotate(answers_count=Count("answers")).order_by("name", "pk")
        )
        page = Paginator(guests, PER_PAGE).get_page(self.request.GET.get("p"))
        for guest in page:
            guest.survey = self.survey
            guest.link = canonical(link_of(guest))
        return {**super().get_context_data(**kwargs), "page": page}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite, or take an invitation away."""
        key = request.POST.get("retirer", "")
        if key:
            guest = self.survey.guests.filter(pk=key if key.isdecimal() and len(key) < 12 else 0).first()
            if guest is None:
                raise NotFound(name=key[:20])
            revoke(self.actor, guest)
            messages.success(request, _("Le lien de « %(name)s » n’ouvre plus rien.") % {"name": guest.name})
        else:
            count = invite(self.actor, self.survey, request.POST.get("noms", "")[:200_000].splitlines())
            words = ngettext("%(count)d lien créé.", "%(count)d liens créés.", count)
            messages.success(request, words % {"count": count})
        return redirect(request.path)


class _File(OfOneSurvey):
    """A file to save."""

    make: ClassVar[Callable[[Any], tuple[bytes, str]]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        content, name = self.make()
        response = HttpResponse(content, content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response


class XlsFormScreen(_File):
    """The form for other tools."""

    def make(self) -> tuple[bytes, str]:
        """An XLSForm."""
        survey = self.survey
        return write_xlsform(survey.form, survey.title, survey.slug, str(survey.revision)), survey.slug


class ExportScreen(_File):
    """The answers as a spreadsheet."""

    def make(self) -> tuple[bytes, str]:
        """All of them, with their states."""
        survey = self.survey
        require(self.actor, "edit", survey.organisation_id, f"télécharger les réponses à « {survey.title} »")
        about = (_("État"), _("Motif"), _("Invité"), _("Version du consentement"))
        answers = survey.answers.select_related("guest", "consent").order_by("pk")[:MOST_EXPORTED]
        rows = (_sheet_row(answer) for answer in answers.iterator(500))
        content = workbook(survey.form, rows, about)
        record(self.actor.name, self.actor.person_id, "survey.export", Survey.noun, survey.slug, title=survey.title)
        return content, f"reponses-{survey.slug}"


def _sheet_row(answer: Answer) -> SheetRow:
    about = (
        str(answer.get_state_display()),
        answer.reason,
        answer.guest.name if answer.guest else "",
        str(answer.consent) if answer.consent else "",
    )
    return SheetRow(
        answer.receipt, timezone.localtime(answer.received).isoformat(timespec="seconds"), answer.values, about
    )


ANSWERS = ScreenSet(
    "surveys",
    "collectes-reponses",
    ("<slug:slug>/", AnswersScreen, "answers"),
    ("<slug:slug>/<int:key>/", AnswerScreen, "answer"),
    ("<slug:slug>/invitations/", GuestsScreen, "guests"),
    ("<slug:slug>/xlsform/", XlsFormScreen, "xlsform"),
    ("<slug:slug>/telecharger/", ExportScreen, "export"),
)
