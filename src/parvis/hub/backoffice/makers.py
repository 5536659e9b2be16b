"""Hand-made screens that write a record (``CivicViewSet.maker``): what they share, whatever their form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, may
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.models import Entry
from parvis.hub.audit.selectors import entries_about
from parvis.hub.backoffice.screens import Screen
from parvis.hub.backoffice.submissions import submission_key
from parvis.hub.records import services
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.rules import Status, opened_revision
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
    done: ClassVar[Mapping[str, Any]] = {}
    """What is said once an act is done, or « enregistrer »; ``title`` and ``status`` may be in it."""

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

    def delete_address(self) -> str:
        """The page that asks before it removes the record."""
        return self.address("delete", quote(self.record.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record, and what templates ask of this screen (``view``)."""
        return {"record": self.record, **super().get_context_data(**kwargs)}

    def may_publish(self) -> bool:
        """Whether the person opens its page to all."""
        return bool(self.record and may(self.actor, "publish", self.record.organisation_id))

    @cached_property
    def history(self) -> list[Entry]:
        """What was done to it."""
        return list(entries_about(self.record.noun, self.record.slug)[:MOST_ENTRIES]) if self.record else []

    def organisations(self) -> list[Organisation]:
        """Those that may own a new one."""
        return list(organisations_where(self.actor, "edit"))

    def owner(self) -> Organisation:
        """The one that the form chose; NotFound for one for which the person may not write."""
        wished = self.request.POST.get("organisation", "")
        organisation = organisations_where(self.actor, "edit").filter(slug=wished).first()
        if organisation is None:
            raise NotFound(name=wished)
        return organisation

    def create_once(self, create: Callable[[], CivicRecord]) -> Any:
        """What ``create`` makes, or what this very form made already when it is sent twice."""
        return services.create_once(submission_key(self.request), self.kind, create)

    def opened_revision(self) -> int:
        """The revision at which the form was opened."""
        return opened_revision(self.request.POST.get("revision", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act on the record, or read the form."""
        act = request.POST.get("acte", "")
        if act not in self.acts:
            return self.read(act)
        if self.record is None:
            raise NotFound(name="")
        self.acts[act](self.actor, self.record)
        return self.finished(act, self.record)

    def finished(self, act: str, record: CivicRecord) -> HttpResponse:
        """Say what was done to a record, and lead to it."""
        words = self.done.get(act, gettext_lazy("« %(title)s » : %(status)s."))
        messages.success(self.request, str(words) % {"title": record.title, "status": record.get_status_display()})
        return redirect(self.address("maker", record.slug))

    def read(self, act: str) -> HttpResponse:
        """Show what the form makes, or keep it."""
        raise NotImplementedError
