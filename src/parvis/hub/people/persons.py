"""People: list, invitation, roles, closing an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, StatusFlagColumn, TitleColumn

from parvis.core.errors import NotFound, ParvisError
from parvis.hub.accounts.groups import groups_within
from parvis.hub.accounts.mails import MailNotConfigured
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Actor, Role, require
from parvis.hub.accounts.selectors import organisation, organisations_where
from parvis.hub.accounts.services import (
    add_person,
    end_sessions_of,
    link_is_allowed,
    remove_role,
    send_link,
    set_active,
    set_role,
)
from parvis.hub.backoffice.policies import may_administer
from parvis.hub.backoffice.screens import FormScreen, ListScreen, Screen, ScreenSet, sentence
from parvis.hub.people.forms import ROLES, InviteForm
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import places_of
from parvis.hub.teams.services import join, leave
from parvis.hub.ui.formatting import day


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Everybody for who has every right; else those with a role in an organisation the actor administers."""
    if actor.everything:
        return Person.objects.all()
    return Person.objects.filter(memberships__organisation__in=organisations_where(actor, "administer")).distinct()


class PersonList(ListScreen):
    """The people one may administer."""

    model = Person
    page_title = gettext_lazy("Personnes")
    header_icon = "user"
    add_url_name = "persons_admin:add"
    add_item_label = gettext_lazy("Inviter une personne")
    default_ordering = "email"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, address, roles, last visit, state."""
        return [
            TitleColumn(
                "name",
                label=_("Personne"),
                accessor=str,
                sort_key="last_name",
                get_url=lambda row: reverse("persons_admin:edit", args=[row.pk]),
            ),
            Column("email", label=_("Adresse"), sort_key="email"),
            Column("roles", label=_("Rôles"), accessor=_roles),
            Column(
                "last_login",
                label=_("Dernière visite"),
                accessor=lambda row: day(row.last_login),
                sort_key="last_login",
            ),
            StatusFlagColumn("is_active", label=_("Compte"), true_label=_("ouvert"), false_label=_("fermé")),
        ]

    def get_base_queryset(self) -> QuerySet[Person]:
        """With their roles."""
        _require_administrator(self.actor)
        return persons_visible_to(self.actor).prefetch_related("memberships__organisation")


def _roles(person: Person) -> str:
    if person.is_superuser:
        return _("tous les droits")
    return ", ".join(f"{Role(m.role).label} · {m.organisation}" for m in person.memberships.all())


def _require_administrator(actor: Actor) -> None:
    if not organisations_where(actor, "administer").exists():
        require(actor, "administer", None, _("gérer les personnes"))


class InviteScreen(FormScreen):
    """Make an account without password, and send its owner the link to set one."""

    page_title = gettext_lazy("Inviter une personne")
    header_icon = "user"
    template_name = "people/backoffice/invite.html"
    form_class = InviteForm

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("persons_admin:list"), _("Personnes"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The organisations of who invites, the one of the address first."""
        _require_administrator(self.actor)
        initial = {"organisation": self.request.GET.get("organisation", ""), "role": Role.CONTRIBUTOR}
        return {**super().get_form_kwargs(), "actor": self.actor, "initial": initial}

    def act(self, form: InviteForm) -> HttpResponse:
        """Invite."""
        values = {**form.cleaned_data}
        target, role = organisation(values.pop("organisation")), Role(values.pop("role"))
        person = add_person(self.actor, target, values.pop("email"), role, **values)
        facts = {"invited": person, "form": InviteForm(self.actor, initial=self.get_form_kwargs()["initial"])}
        try:
            send_link(self.actor, person)
        except MailNotConfigured as error:
            facts["unsent"] = sentence(error)
        return self.render_to_response(self.get_context_data(**facts))

    def field_of(self, error: ParvisError) -> str:
        """What may not do is the address."""
        return "email"


class PersonScreen(Screen):
    """One person: roles, account."""

    header_icon = "user"
    template_name = "people/backoffice/person.html"

    @cached_property
    def person(self) -> Person:
        """The person of the address, among those the actor may administer."""
        person = persons_visible_to(self.actor).filter(pk=self.kwargs["key"]).first()
        if person is None:
            raise NotFound(name=_("personne %s") % self.kwargs["key"])
        return person

    def get_page_title(self) -> str:
        """Their name."""
        return str(self.person)

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("persons_admin:list"), _("Personnes"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Roles the actor may change, and those they may only see."""
        administered = organisations_where(self.actor, "administer")
        memberships = self.person.memberships.select_related("organisation").filter(organisation__in=administered)
        return {
            "person": self.person,
            "memberships": [
                (member, list(groups_within(self.person, member.organisation).values())) for member in memberships
            ],
            "may_send_link": link_is_allowed(self.actor, self.person),
            "roles": ROLES,
            "places": places_of(self.actor, self.person),
            "duties": list(Duty),
            "others": administered.filter(~Q(pk__in=memberships.values("organisation"))),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of: give a role, take one away, a place in a site's team, close or open the account, end its sessions, a link."""
        act = next((act for button, act in _ACTS.items() if button in request.POST), None)
        done = act(self, request.POST) if act is not None else None
        messages.success(request, done if isinstance(done, str) else _("C’est enregistré."))
        is_still_shown = persons_visible_to(self.actor).filter(pk=self.person.pk).exists()
        return redirect(request.path if is_still_shown else reverse("persons_admin:list"))

    def send_link(self, _values: QueryDict) -> str:
        """Send the link to set a password."""
        send_link(self.actor, self.person)
        return _("Un lien part à l’adresse %s.") % self.person.email

    def place(self, values: QueryDict) -> None:
        """Put the person in the team of a site, or out of it."""
        key, duty = values["site"], values.get("charge", "")
        site_key = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
        site = sites_administered_by(self.actor).filter(pk=site_key).first()
        if site is None:
            raise NotFound(name=_("site %s") % key)
        if duty in list(Duty):
            join(self.actor, self.person, site, Duty(duty))
        else:
            leave(self.actor, self.person, site)

    def give_role(self, values: QueryDict) -> None:
        """Give a role in an organisation, or change it."""
        if values["role"] in list(Role):
            set_role(self.actor, self.person, organisation(values.get("organisation", "")), Role(values["role"]))


_ACTS: Mapping[str, Callable[[PersonScreen, QueryDict], object]] = {
    "lien": PersonScreen.send_link,
    "sessions": lambda screen, _values: end_sessions_of(screen.actor, screen.person),
    "fermer": lambda screen, _values: set_active(screen.actor, screen.person, False),
    "rouvrir": lambda screen, _values: set_active(screen.actor, screen.person, True),
    "retirer": lambda screen, values: remove_role(
        screen.actor, screen.person, organisation(values.get("organisation", ""))
    ),
    "site": PersonScreen.place,
    "role": PersonScreen.give_role,
}
"""What each button or field of the page asks for; the first that was sent counts."""


SCREENS = ScreenSet(
    "persons_admin",
    "personnes",
    ("", PersonList, "list"),
    ("inviter/", InviteScreen, "add"),
    ("<int:key>/", PersonScreen, "edit"),
    menu_order=510,
    shown=may_administer,
)
