"""What the pages of one import share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound, ParvisError
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import Actor
from parvis.hub.backoffice.screens import Screen, sentence, stored_sentence
from parvis.hub.datastore.selectors import imports
from parvis.hub.datastore.services.imports import require_import
from parvis.hub.privacy.selectors import import_report
from parvis.hub.validation.rules import ImportChanged
from parvis.hub.validation.selectors import ref_for
from parvis.web.backoffice.assistant.rules import PRIVATE, STEPS, resume_url, shown_steps

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Import


def import_of(actor: Actor, key: int) -> Import:
    """The import of that key; NotFound for who may not touch it, as if it did not exist."""
    imported = imports().filter(pk=key).first()
    if imported is None:
        raise NotFound(name=_("import %s") % key)
    try:
        require_import(actor, imported)
    except Forbidden as error:
        raise NotFound(name=_("import %s") % key) from error
    return imported


class ImportScreen(Screen):
    """A step of the assistant for one import."""

    step = ""
    """The name of the address of the step."""
    header_icon = "upload"

    @cached_property
    def imported(self) -> Import:
        """The import of the address."""
        return import_of(self.actor, self.kwargs["key"])

    @property
    def is_open(self) -> bool:
        """Whether the step has something to show; else the person is led where the import stands."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the way to where the import stands."""
        return super().get(request, *args, **kwargs) if self.is_open else redirect(resume_url(self.imported))

    def get_page_title(self) -> str:
        """The step."""
        return str(next((step.label for step in STEPS if step.url_name == self.step), _("Import")))

    def get_page_subtitle(self) -> str:
        """The file."""
        return self.name

    @property
    def name(self) -> str:
        """The file, or where it comes from."""
        return self.imported.source_name

    def skipped(self) -> tuple[str, ...]:
        """The steps that this import does without: no schema was chosen for it, nobody seems to be named in it."""
        no_schema = () if ref_for(self.imported) is not None else ("import_schema",)
        return no_schema if self.names_persons else (*no_schema, "import_personal")

    @property
    def names_persons(self) -> bool:
        """Whether the examination saw what may name somebody, or was never made; else the step has nothing to ask."""
        report = import_report(self.imported)
        return (
            report is None
            or bool(report.findings)
            or any(Step.from_dict(row).name.startswith(PRIVATE) for row in self.imported.steps)
        )

    def trail(self) -> list[tuple[str, str]]:
        """The imports."""
        return [(reverse("backoffice:imports"), _("Imports"))]

    def here(self, name: str) -> str:
        """The address of a page of this import."""
        return reverse(f"backoffice:{name}", args=[self.imported.pk])

    def fallback(self) -> str:
        """Where the import stands, with the reason."""
        fresh = imports().filter(pk=self.kwargs["key"]).first()
        return resume_url(fresh) if fresh and self.request.method == "POST" else reverse("backoffice:imports")

    def refused(self, error: ParvisError) -> HttpResponse:
        """To who came second, the page as it is now; to others, where the import stands."""
        if not isinstance(error, ImportChanged):
            return super().refused(error)
        messages.error(self.request, sentence(error))
        for name in ("imported", "report", "chosen", "ref", "schema"):
            self.__dict__.pop(name, None)
        return self.render_to_response(self.get_context_data(), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The import, its stepper, what went wrong."""
        message, hint = stored_sentence(self.imported.error)
        return {
            **super().get_context_data(**kwargs),
            "imported": self.imported,
            "name": self.name,
            "steps": shown_steps(self.step, self.imported, skipped=self.skipped()),
            "error_message": message,
            "error_hint": hint,
            "cancel_url": self.here("import_cancel"),
        }
