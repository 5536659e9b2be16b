"""Waiting for work in the background: rows, share, time left, stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.datastore.selectors import ImportState, imports
from parvis.hub.datastore.services import cancel_import
from parvis.hub.jobs import selectors as jobs
from parvis.hub.jobs.selectors import job_facts
from parvis.hub.ui.formatting import number, size
from parvis.web.backoffice.assistant.pages import ImportScreen, import_of
from parvis.web.backoffice.assistant.rules import AT_WORK, resume_url

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Import
    from parvis.hub.jobs.models import Job

STAGES = {
    "fetch": gettext_lazy("téléchargement"),
    "read": gettext_lazy("lecture"),
    "geocode": gettext_lazy("géocodage"),
    "detect": gettext_lazy("examen des colonnes"),
    "write": gettext_lazy("écriture"),
    "publish": gettext_lazy("mise en ligne"),
}
COUNTED_IN_BYTES = {"fetch"}
EVERY = 3
"""Seconds between two looks, without JavaScript."""


def seconds_left(background_job: Job) -> int | None:
    """A guess from the pace so far; None while there is nothing to guess from."""
    if not (background_job.started and background_job.total and 0 < background_job.done <= background_job.total):
        return None
    elapsed = (timezone.now() - background_job.started).total_seconds()
    share = background_job.done / background_job.total
    return round(elapsed * (1 - share) / share) if elapsed >= 2 and share >= 0.01 else None


def duration(seconds: int) -> str:
    """« 2 min 10 s »."""
    minutes, rest = divmod(seconds, 60)
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest} if minutes else _("%s s") % rest


def job_progress(background_job: Job) -> dict[str, Any]:
    """A job in words and figures, for the page and for its script."""
    facts = job_facts(background_job)
    percent = min(100, round(100 * background_job.done / background_job.total)) if background_job.total else None
    left = seconds_left(background_job)
    shown = size if background_job.stage in COUNTED_IN_BYTES else number
    parts = [str(STAGES.get(background_job.stage, background_job.get_state_display()))]
    if background_job.done and not background_job.is_over:
        parts.append(
            _("%(done)s sur %(total)s") % {"done": shown(background_job.done), "total": shown(background_job.total)}
            if background_job.total
            else shown(background_job.done)
        )
    if percent is not None:
        parts.append(f"{percent}\u00a0%")
    if left is not None:
        parts.append(_("encore %s environ") % duration(left))
    text = " · ".join(parts)
    return {**facts, "percent": percent, "seconds_left": left, "text": text[:1].upper() + text[1:]}


TOWARDS = {
    "colonnes": "import_columns",
    "schema": "import_schema",
    "corrections": "import_schema_mending",
    "personnelles": "import_personal",
}
"""Where a new examination was asked from, as the address says it, and the screen to come back to."""

STEP_OF = {"import_schema_mending": "import_schema"}
"""The step of the screens that are not one themselves."""


def towards(request: HttpRequest) -> str:
    """The query that remembers that step."""
    step = request.GET.get("vers", "")
    return f"?vers={step}" if step in TOWARDS else ""


def next_url(imported: Import, request: HttpRequest) -> str:
    """Where to go once the work is over: the step the person came from when all went well, else where the import stands."""
    back = TOWARDS.get(request.GET.get("vers", ""))
    if imported.state == ImportState.EXAMINED and back:
        return reverse(f"backoffice:{back}", args=[imported.pk])
    return resume_url(imported)


@require_safe
def job(request: HttpRequest, key: int) -> HttpResponse:
    """Where a job stands, as JSON; ``next`` is where to go once it is over."""
    actor = actor_of(request.user)
    imported = imports().filter(job_id=key).first()
    try:
        if imported is None:
            background_job = jobs.job(actor, key)
        else:
            imported = import_of(actor, imported.pk)
            background_job = imported.job
    except NotFound:
        return JsonResponse({"error": "not-found"}, status=404)
    facts = job_progress(background_job)
    if imported is not None and background_job.is_over:
        facts["next"] = next_url(imported, request)
    return JsonResponse(facts, headers={"Cache-Control": "no-store"})


class WaitingScreen(ImportScreen):
    """The page shown meanwhile; it goes on by itself, with or without JavaScript."""

    template_name = "backoffice/assistant/wait.html"

    def get_page_title(self) -> str:
        """What is being done."""
        return _("Import en cours")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Wait, or go where the import stands."""
        imported = self.imported
        if imported.state not in AT_WORK or imported.job is None or imported.job.is_over:
            return self._go_on(imported)
        return super().get(request, *args, **kwargs)

    def _go_on(self, imported: Import) -> HttpResponse:
        url = next_url(imported, self.request)
        if url == self.request.path:  # nothing runs and nothing was found: begin the examination again
            return redirect(self.here("import_reading"))
        return redirect(url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The job in words and figures."""
        writing = self.imported.state == ImportState.WRITING
        back = TOWARDS.get(self.request.GET.get("vers", ""), "import_reading")
        self.step = "import_publish" if writing else STEP_OF.get(back, back)
        return {
            **super().get_context_data(**kwargs),
            "progress": job_progress(self.imported.job),
            "writing": writing,
            "every": EVERY,
            "towards": towards(self.request),
        }


class CancelImport(ImportScreen):
    """Stop an import; nothing is done on GET."""

    is_open = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stop it."""
        cancel_import(self.actor, self.imported)
        messages.success(request, _("L’import est arrêté. Rien n’a été changé sur le portail."))
        return redirect("backoffice:imports")
