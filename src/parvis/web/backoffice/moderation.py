"""What Wagtail keeps to itself of pages that are reviewed: what was asked of who wrote them."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, WorkflowState


def tell_what_was_asked(request: HttpRequest, page: Page) -> None:
    """Above the form of a page sent back, who asks for changes and in which words: they are in a mail only, else."""
    state = page.current_workflow_state if request.method == "GET" else None
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    task_state = state.current_task_state
    words = {"name": task_state.finished_by or _("Quelqu’un"), "comment": task_state.comment or _("sans commentaire")}
    message = _(
        "%(name)s demande des changements : « %(comment)s ». Une fois faits, choisissez « Soumettre de nouveau »."
    )
    messages.warning(request, message % words)
