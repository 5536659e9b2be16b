"""The queue of what visitors sent, whatever its subject: read whole, decided by one or many, by keyboard, by several people at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from parvis.core.errors import RequestError
from parvis.hub.backoffice.screens import Screen, sentence
from parvis.hub.visitors.receipt_rules import ReasonNeeded

MOST_SHOWN = 50
"""Things that one page of the queue shows, the oldest first."""
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: ``key`` and ``stamp`` name it as it was read, so that what changed since is not decided blindly."""

    key: int
    stamp: int
    title: str
    text: str
    since: datetime
    place: str
    """What it is about: a dataset, an organisation."""
    place_address: str = ""
    signature: str = ""
    notes: tuple[str, ...] = ()
    """Why it waits, and what helps to decide."""
    link: str = ""
    """An address that its author gives."""
    picture: str = ""
    change_address: str = ""

    @property
    def mark(self) -> str:
        """What its box sends."""
        return f"{self.key}-{self.stamp}"

    @property
    def days(self) -> int:
        """For how many days it has waited."""
        return (timezone.localdate() - timezone.localtime(self.since).date()).days


@dataclass(frozen=True, slots=True)
class Decision:
    """A button of the queue."""

    label: Any
    asks_reason: bool = False


class ModerationScreen(Screen):
    """Each thing that waits, whole, with a box to tick; buttons decide for all that are ticked."""

    template_name = "visitors/backoffice/queue.html"
    decisions: ClassVar[Mapping[str, Decision]]
    advice: ClassVar[Any] = ""

    def waiting(self) -> Sequence[Waiting]:
        """What waits for this person, the oldest first."""
        raise NotImplementedError

    def decide(self, key: int, stamp: int, decision: str, reason: str) -> None:
        """Decide for one; DecidedMeanwhile when it is no longer what was read, the errors of rights."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The first of them, and how many there are."""
        rows = self.waiting()
        facts = {"rows": rows[:MOST_SHOWN], "total": len(rows), "decisions": self.decisions, "advice": self.advice}
        return {"longest_reason": LONGEST_REASON, **super().get_context_data(**kwargs), **facts}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide for each that is ticked, by itself: what somebody else decided meanwhile is told and left."""
        name, reason = request.POST.get("acte", ""), request.POST.get("raison", "").strip()[:LONGEST_REASON]
        if name not in self.decisions:
            return redirect(request.path)
        if self.decisions[name].asks_reason and not reason:
            messages.error(request, sentence(ReasonNeeded()))
            facts = self.get_context_data(ticked=request.POST.getlist("choix"))
            return self.render_to_response(facts, status=422)
        count = 0
        for mark in request.POST.getlist("choix")[:MOST_SHOWN]:
            key, _dash, stamp = mark.partition("-")
            if not (key.isdecimal() and stamp.isdecimal()) or len(mark) > 40:
                continue
            try:
                with transaction.atomic():
                    self.decide(int(key), int(stamp), name, reason)
                count += 1
            except RequestError as error:
                messages.error(request, sentence(error))
        if count:
            words = ngettext("%(count)d envoi : c’est fait.", "%(count)d envois : c’est fait.", count)
            messages.success(request, words % {"count": count})
        elif not request.POST.getlist("choix"):
            messages.warning(request, _("Cochez au moins un envoi."))
        return redirect(request.path)
