"""Hand-made screens that write a record (``CivicViewSet.maker``): what they share, whatever their form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.audit.selectors import entries_about
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.records import services
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import managed_at

MOST_ENTRIES = 40
"""Acts of the journal that the screen shows."""


class RecordMaker(Screen):
    """A new record, or one that is changed: some buttons (``acte``) act on what is kept, the others read the form."""

    kind: ClassVar[type[CivicRecord]]
    new_title: ClassVar[Any]
    acts: ClassVar[Mapping[str, Callable[[Actor, Any], object]]] = {
        "publier": services.publish,
        "brouillon": services.restore,
        "retirer": partial(services.withdraw, status=Status.RETIRED),
    }
    """What buttons do to the record, the form left aside."""

    @cached_property
    def record(self) -> Any:
        """The one of the address, None for a new one; NotFound for one that the person may not change."""
        return managed_at(self.kind, self.actor, self.kwargs["slug"]) if "slug" in self.kwargs else None

    def get_page_title(self) -> str:
        """Its title."""
        return str(self.record.title if self.record else self.new_title)

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(self.address("list"), capfirst(str(self.kind._meta.verbose_name_plural)))]

    def address(self, name: str, *args: Any) -> str:
        """One of the addresses of the screens of this kind."""
        return reverse(self.kind.snippet_viewset.get_url_name(name), args=args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, what the person may do to it, what was done to it."""
        record = self.record
        return {
            "record": record,
            "may_publish": bool(record and may(self.actor, "publish", record.organisation_id)),
            "history": entries_about(record.noun, record.slug)[:MOST_ENTRIES] if record else [],
            **super().get_context_data(**kwargs),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act on the record, or read the form."""
        act = request.POST.get("acte", "")
        if self.record is None or act not in self.acts:
            return self.read(act)
        try:
            self.acts[act](self.actor, self.record)
        except ParvisError as error:
            messages.error(request, sentence(error))
        else:
            facts = {"title": self.record.title, "status": self.record.get_status_display()}
            messages.success(request, _("« %(title)s » : %(status)s.") % facts)
        return redirect(self.address("maker", self.record.slug))

    def read(self, act: str) -> HttpResponse:
        """Show what the form makes, or keep it."""
        raise NotImplementedError
