"""« Déposer », « Relire » : dropping files, then confirming each act with its document beside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from parvis.core.acts.model import Proposal
from parvis.core.acts.page_pictures import page_picture
from parvis.core.errors import NotFound, OperationError, ParvisError
from parvis.core.translation import SOURCE, Sentence, gettext_noop
from parvis.domains.deliberations.deposit.confirming import confirm, problems_of, session_for
from parvis.domains.deliberations.deposit.cutting import ask_for_cutting, bundle_in
from parvis.domains.deliberations.deposit.forms import (
    NEW_COUNCIL,
    NEW_SESSION,
    ConfirmForm,
    DepositForm,
    Named,
    named_in,
)
from parvis.domains.deliberations.deposit.hiding import TooMuchHidden
from parvis.domains.deliberations.deposit.presentation import page_parts, partly_read, shown_boxes
from parvis.domains.deliberations.deposit.reading import is_worth_reading_again, local_copy, read_again
from parvis.domains.deliberations.deposit.receiving import add_annex
from parvis.domains.deliberations.deposit.sending import Outcome, deposit_files
from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.online.publishing import publish_act, withdraw_act
from parvis.domains.deliberations.online.readiness import missing_of
from parvis.domains.deliberations.people import council_of
from parvis.domains.deliberations.rules import STATED, ActDoubtful, ActIsSealed
from parvis.domains.deliberations.selectors import (
    assemblies_of,
    boxes_of,
    files_of,
    next_to_confirm,
    pages_of,
    suggestions_of,
    to_confirm,
)
from parvis.hub.accounts.rules import may, require
from parvis.hub.backoffice.screens import ActorMixin, FormScreen, Screen, sentence, stored_sentence
from parvis.hub.quotas.metering import permit
from parvis.hub.records.rules import EditConflict, RecordLocked
from parvis.hub.records.selectors import managed_by
from parvis.hub.uploads.answers import file_answer

SHOWN_PAGES = 30
"""Pages of a file that are drawn beside the form; the file has the others."""
PICTURE_WIDTH = 1_100


def in_words(sentences: Iterable[Sentence]) -> list[str]:
    """Sentences in the language of the page."""
    language = get_language() or SOURCE
    return [row.text(language) for row in sentences]


class BelowActs:
    """A screen beside the list of acts."""

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("acts_admin:list"), _("Actes"))]


class Deposit(BelowActs, FormScreen):
    """Many files at once; each is told what became of it, and what was received is received whatever befalls the others."""

    template_name = "deliberations/backoffice/deposit.html"
    page_title = gettext_lazy("Déposer des actes")
    header_icon = "upload"
    form_class = DepositForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """With who deposits."""
        return {"actor": self.actor, **super().get_form_kwargs()}

    def get_initial(self) -> dict[str, Any]:
        """The sitting from whose page it was opened."""
        return {"session": self.request.GET.get("seance", "")[:20]}

    def act(self, form: DepositForm) -> HttpResponse:
        """Receive what can be, and say it file by file."""
        facts = form.cleaned_data
        outcomes = deposit_files(self.actor, facts["organisation"], facts["files"], facts["session"])
        rows = [(outcome, sentence(outcome.error) if outcome.error else "") for outcome in outcomes]
        return self.render_to_response(self.get_context_data(form=self.form_class(self.actor), outcomes=rows))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what waits to be confirmed."""
        outcomes: list[tuple[Outcome, str]] = kwargs.get("outcomes", [])
        received = sum(outcome.act is not None for outcome, _words in outcomes)
        words = ngettext("%(count)d fichier reçu", "%(count)d fichiers reçus", received) % {"count": received}
        waiting = to_confirm(self.actor).count()
        return {**super().get_context_data(**kwargs), "received_words": words, "waiting": waiting}


class OfOneAct(BelowActs):
    """A screen about one act; NotFound for whom it is not theirs to change."""

    @cached_property
    def record(self) -> Act:
        """The act of the address."""
        act = managed_by(Act, self.actor).select_related("session").filter(pk=self.kwargs["key"]).first()
        if act is None:
            raise NotFound(name=str(self.kwargs["key"]))
        return act

    @cached_property
    def files(self) -> list[ActFile]:
        """Its files, the act itself first."""
        return list(files_of([self.record])[self.record.pk])


class Confirm(OfOneAct, FormScreen):
    """What was read of an act, to be confirmed with the document beside."""

    template_name = "deliberations/backoffice/confirm.html"
    page_title = gettext_lazy("Relire un acte")
    header_icon = "doc-full"
    form_class = ConfirmForm
    refusals = (ActDoubtful, ActIsSealed, EditConflict, RecordLocked, TooMuchHidden)

    @cached_property
    def proposals(self) -> list[Proposal]:
        """What rules read."""
        suggestions = suggestions_of(self.record)
        return [Proposal.from_json(row) for row in suggestions.proposals] if suggestions else []

    @cached_property
    def persons(self) -> list[Named]:
        """Who is named."""
        suggestions = suggestions_of(self.record)
        return named_in(suggestions.persons) if suggestions else []

    def get_form_kwargs(self) -> dict[str, Any]:
        """The act, what was read of it, who is named in it."""
        return {
            "act": self.record,
            "proposals": self.proposals,
            "persons": self.persons,
            "act_files": self.files,
            **super().get_form_kwargs(),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its pages, what does not hold together, what lacks."""
        main = next((file for file in self.files if file.role == ActFile.Role.MAIN), None)
        passages = [row.passage for row in self.proposals if row.passage] if self.proposals else []
        pages, boxes = (pages_of(main), boxes_of(main)) if main else ([], [])
        form, problems = kwargs.get("form"), problems_of(self.record)
        is_sealed = self.record.live or bool(self.record.withdrawn_at)
        unread = [] if is_sealed else [file for file in self.files if is_worth_reading_again(file)]
        may_publish = may(self.actor, "publish", self.record.organisation_id)
        return {
            **super().get_context_data(**kwargs),
            "record": self.record,
            "files": [(file, len(boxes_of(file))) for file in self.files],
            "main": main,
            "is_stopped": main in unread,
            "unread": unread,
            "pages": [
                (page, page_parts(page, passages), shown_boxes(boxes, page.number)) for page in pages[:SHOWN_PAGES]
            ],
            "more_pages": max(len(pages) - SHOWN_PAGES, 0),
            "has_pictures": bool(main and main.suffix == "pdf"),
            "partly_read": partly_read(self.files),
            "bundle": bundle_in(self.record),
            "problems": [] if form is not None and form.is_bound else in_words(row.sentence for row in problems),
            "missing": in_words(missing_of(self.record, self.files)),
            "reading_error": " ".join(stored_sentence(main.error)) if main and main.error else "",
            "waiting": to_confirm(self.actor).filter(organisation=self.record.organisation_id).count(),
            "may_publish": may_publish,
            "is_sealed": is_sealed,
            "is_followed": bool(self.record.confirmed_at) and self.record.kind in STATED,
        }

    def act(self, form: ConfirmForm) -> HttpResponse | None:
        """Confirm it, and open the next one."""
        changes = form.changes
        choice = form.cleaned_data["session"]
        # The day that was just typed is that of the sitting.
        self.record.date = changes["date"]
        changes["session"] = self._session(choice)
        act = confirm(
            self.actor,
            self.record,
            changes,
            form.words_to_hide,
            revision=form.cleaned_data["revision"],
            titles=form.titles,
            despite=form.cleaned_data["despite"],
        )
        messages.success(self.request, _("« %(title)s » est confirmé.") % {"title": act.title})
        following = next_to_confirm(self.actor, act)
        if following is not None:
            return redirect(reverse("acts:confirm", args=[following.pk]))
        if act.session_id:
            return redirect(reverse("acts:session", args=[act.session_id]))
        return redirect(reverse("acts_admin:list"))

    def _session(self, choice: str) -> Session | None:
        if choice.startswith(NEW_SESSION):
            if self.record.date is None:
                return None
            key = choice.removeprefix(NEW_SESSION)
            if key == NEW_COUNCIL:
                return session_for(self.actor, self.record, council_of(self.actor, self.record.organisation))
            assembly = next(row for row in assemblies_of(self.record.organisation_id) if str(row.pk) == key)
            return session_for(self.actor, self.record, assembly)
        return Session.objects.filter(pk=choice).first() if choice else None


class Annex(OfOneAct, ActorMixin, View):
    """Adds annexes to an act."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Each of the files; what is refused is told."""
        for file in self.request.FILES.getlist("annexes"):
            try:
                add_annex(self.actor, self.record, file.name or "", file)
            except ParvisError as error:
                messages.error(self.request, sentence(error))
        return redirect(reverse("acts:confirm", args=[self.record.pk]))


class Cut(OfOneAct, ActorMixin, View):
    """Has a draft whose file holds several acts cut into as many drafts."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asked for once, however often the button is pressed."""
        count = ask_for_cutting(self.actor, self.record)
        if not count:
            messages.info(self.request, _("Ce fichier n’est pas à découper."))
            return redirect(self.fallback())
        words = _("Le découpage en %(count)d actes est en cours : ils paraissent ici l’un après l’autre.")
        messages.success(self.request, words % {"count": count})
        return redirect(reverse("acts:waiting"))

    def fallback(self) -> str:
        """The act."""
        return reverse("acts:confirm", args=[self.record.pk])


class ReadAgain(OfOneAct, ActorMixin, View):
    """Has what could not be read of an act read again."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asked for once, however often the button is pressed."""
        if read_again(self.actor, self.record):
            messages.success(self.request, _("La lecture recommence : rechargez la page dans un instant."))
        else:
            messages.info(self.request, _("Rien n’est à lire de nouveau, ou la lecture est déjà en cours."))
        return redirect(self.fallback())

    def fallback(self) -> str:
        """The act."""
        return reverse("acts:confirm", args=[self.record.pk])


class Publish(OfOneAct, ActorMixin, View):
    """Puts one act online."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Online for ever, or why not."""
        act = publish_act(self.actor, self.record)
        messages.success(self.request, _("« %(title)s » est en ligne.") % {"title": act.title})
        return redirect(reverse("acts:confirm", args=[act.pk]))

    def fallback(self) -> str:
        """The act."""
        return reverse("acts:confirm", args=[self.kwargs["key"]])


class Withdraw(OfOneAct, Screen):
    """Withdraws one act, for a reason of the law."""

    template_name = "deliberations/backoffice/withdraw.html"
    page_title = gettext_lazy("Retirer un acte")
    header_icon = "bin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The act."""
        return {**super().get_context_data(**kwargs), "record": self.record}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """What it said is erased."""
        reason = self.request.POST.get("motif", "")
        if reason not in ("privacy", "court"):
            messages.error(self.request, _("Dites pourquoi l’acte est retiré."))
            return redirect(self.request.path)
        withdraw_act(self.actor, self.record, reason)
        messages.success(self.request, _("L’acte est retiré ; sa page dit qu’il l’a été, et rien de plus."))
        return redirect(reverse("acts_admin:list"))


class OfOneFile(OfOneAct):
    """What is about one file of an act, for who may change the act."""

    @cached_property
    def file(self) -> ActFile:
        """That of the address."""
        require(self.actor, "edit", self.record.organisation_id, "lire l’original d’un acte")
        for file in self.files:
            if file.pk == self.kwargs["file"]:
                return file
        raise NotFound(name=str(self.kwargs["file"]))


class Original(OfOneFile, ActorMixin, View):
    """The closed original, for who may change the act."""

    def get(self, *args: Any, **kwargs: Any) -> FileResponse:
        """Its bytes."""
        return file_answer(self.file.original, self.file.media_type)


class PicturesBusy(OperationError):
    """As many pages as the server draws at once are being drawn."""

    code: ClassVar[str] = "act-picture-busy"
    sentence: ClassVar[str] = gettext_noop("D’autres pages sont en train d’être dessinées.")
    advice: ClassVar[str] = gettext_noop("Rechargez l’image dans un instant : le texte lu est déjà là.")


class PagePicture(Original):
    """A page of the original as a picture."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """WebP; kept by the browser of who reads, by nobody else."""
        file = self.file
        if file.suffix != "pdf":
            raise Http404
        # A child for each: somebody who asks for hundreds does not take the places of the others.
        with (
            permit(self.request, self.actor, "pictures", PicturesBusy()),
            local_copy(file.original, file.suffix) as (source, scratch),
        ):
            body = page_picture(source, file.name, scratch, self.kwargs["page"], PICTURE_WIDTH)
        response = HttpResponse(body, content_type="image/webp")
        response["Cache-Control"] = "private, max-age=3600"
        return response

    def refused(self, error: ParvisError) -> HttpResponse:
        """A picture is asked for by the page: a message would be read on another, once for each."""
        return HttpResponse(sentence(error), status=error.status, content_type="text/plain; charset=utf-8")
