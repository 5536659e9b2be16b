"""« Mon compte »: where a person sees their open sessions and what happened to their account, and ends what is not theirs."""

from __future__ import annotations

from typing import Any

from allauth.account.views import EmailView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from parvis.hub.accounts.mails import hold_address
from parvis.hub.accounts.second_factor import has_second_factor
from parvis.hub.accounts.sessions import end_session, end_sessions
from parvis.hub.audit.models import Entry
from parvis.hub.people.messages import account_event

SHOWN = 30
"""Events shown, the latest first; the journal of the back office has the others."""


class AccountPage(LoginRequiredMixin, TemplateView):
    """Sessions, events, and the ways to password, second factor and keys."""

    template_name = "people/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What concerns the person alone."""
        person, key = self.request.user, self.request.session.session_key
        rows = sorted(UserSession.objects.purge_and_list(person), key=lambda row: row.last_seen_at, reverse=True)
        events = Entry.objects.filter(person=person, action__startswith="auth.")[:SHOWN]
        return {
            "sessions": [{"row": row, "is_this": row.session_key == key, "browser": browser(row)} for row in rows],
            "has_others": any(row.session_key != key for row in rows),
            "events": [{"at": entry.at, "words": account_event(entry), **entry.details} for entry in events],
            "second_factor": has_second_factor(person),
            **super().get_context_data(**kwargs),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End one of one's own sessions, or all but this one."""
        number = request.POST.get("session", "")
        if "autres" in request.POST:
            end_sessions(request.user, but=request.session.session_key)
            messages.success(request, _("Toutes les autres sessions sont fermées."))
        elif number.isascii() and number.isdigit() and len(number) < 18:
            end_session(request.user, int(number))
            messages.success(request, _("La session est fermée."))
        return redirect("my_account")


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser(row: UserSession) -> str:
    """The browser and the system of a session, for who must recognise their own; what it calls itself when neither is known."""
    agent = row.user_agent
    names = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, names)) or agent[:60] or _("navigateur inconnu")


class AddressPage(EmailView):
    """Another address for the account, once the mail sent there was answered.

    allauth lets a person without verified address, as ours are, make any address their own at once (``action_primary``). An
    organisation gives roles by address: anyone who had taken the address of somebody without account would be given theirs.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hold the present address for verified first: allauth drops one that is not when another is asked for."""
        if request.user.is_authenticated:
            hold_address(request.user)
        return super().dispatch(request, *args, **kwargs)

    def _action_primary(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Nothing: the link of the mail does it."""


account_page = never_cache(AccountPage.as_view())
address_page = never_cache(AddressPage.as_view())
