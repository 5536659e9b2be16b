"""People: list, invitation, roles, closing an account."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, StatusFlagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.groups import groups_within
from parvis.hub.accounts.mailing import MailNotConfigured
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
from parvis.hub.backoffice.screens import ActorMixin, Screen, sentence
from parvis.hub.sites.administration import sites_administered_by
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import places_of
from parvis.hub.teams.services import join, leave
from parvis.hub.ui.formatting import day
from parvis.web.backoffice.people.forms import ROLES, InviteForm


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Everybody for who has every right; else those with a role in an organisation the actor administers."""
    if actor.everything:
        return Person.objects.all()
    return Person.objects.filter(memberships__organisation__in=organisations_where(actor, "administer")).distinct()


class PersonList(ActorMixin, IndexView):
    """The people one may administer."""

    model = Person
    permission_policy = None
    any_permission_required = None
    page_title = gettext_lazy("Personnes")
    header_icon = "user"
    index_url_name = "backoffice:persons"
    default_ordering = "email"
    paginate_by = 50

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, address, roles, last visit, state."""
        return [
            TitleColumn(
                "name",
                label=_("Personne"),
                accessor=str,
                sort_key="last_name",
                get_url=lambda found: reverse("backoffice:person", args=[found.pk]),
            ),
            Column("email", label=_("Adresse"), sort_key="email"),
            Column("roles", label=_("Rôles"), accessor=_roles),
            Column(
                "last_login",
                label=_("Dernière visite"),
                accessor=lambda found: day(found.last_login),
                sort_key="last_login",
            ),
            StatusFlagColumn("is_active", label=_("Compte"), true_label=_("ouvert"), false_label=_("fermé")),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """An invitation."""
        return [HeaderButton(_("Inviter une personne"), url=reverse("backoffice:invite"), icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, then this list."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": "", "label": str(self.page_title)},
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


class InviteScreen(Screen):
    """Make an account without password, and send its owner the link to set one."""

    page_title = gettext_lazy("Inviter une personne")
    header_icon = "user"
    template_name = "backoffice/people/invite.html"

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("backoffice:persons"), _("Personnes"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        _require_administrator(self.actor)
        asked = {"organisation": self.request.GET.get("organisation", ""), "role": Role.CONTRIBUTOR}
        form = InviteForm(self.actor, initial=asked)
        return {"form": form, **super().get_context_data(**kwargs), **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Invite."""
        _require_administrator(self.actor)
        form = InviteForm(self.actor, request.POST)
        if form.is_valid():
            values = form.cleaned_data
            try:
                person = add_person(
                    self.actor,
                    organisation(values["organisation"]),
                    values["email"],
                    Role(values["role"]),
                    first_name=values["first_name"],
                    last_name=values["last_name"],
                )
            except RequestError as error:
                form.add_error("email", sentence(error))
        if form.errors:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            send_link(self.actor, person)
        except MailNotConfigured as error:
            return self.render_to_response(self.get_context_data(invited=person, unsent=sentence(error)))
        return self.render_to_response(self.get_context_data(invited=person))


class PersonScreen(Screen):
    """One person: roles, account."""

    header_icon = "user"
    template_name = "backoffice/people/person.html"

    @cached_property
    def person(self) -> Person:
        """The person of the address, among those the actor may administer."""
        found = persons_visible_to(self.actor).filter(pk=self.kwargs["key"]).first()
        if found is None:
            raise NotFound(name=_("personne %s") % self.kwargs["key"])
        return found

    def get_page_title(self) -> str:
        """Their name."""
        return str(self.person)

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("backoffice:persons"), _("Personnes"))]

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
        asked = request.POST
        if "lien" in asked:
            send_link(self.actor, self.person)
            messages.success(request, _("Un lien part à l’adresse %s.") % self.person.email)
            return redirect(request.path)
        if "sessions" in asked:
            end_sessions_of(self.actor, self.person)
        elif "fermer" in asked or "rouvrir" in asked:
            set_active(self.actor, self.person, "rouvrir" in asked)
        elif "retirer" in asked:
            remove_role(self.actor, self.person, organisation(asked.get("organisation", "")))
        elif "site" in asked:
            self._place(asked["site"], asked.get("charge", ""))
        elif asked.get("role") in list(Role):
            set_role(self.actor, self.person, organisation(asked.get("organisation", "")), Role(asked["role"]))
        messages.success(request, _("C’est enregistré."))
        still = persons_visible_to(self.actor).filter(pk=self.person.pk).exists()
        return redirect(request.path if still else reverse("backoffice:persons"))

    def _place(self, key: str, duty: str) -> None:
        """Put the person in the team of a site, or out of it."""
        wanted = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
        site = sites_administered_by(self.actor).filter(pk=wanted).first()
        if site is None:
            raise NotFound(name=_("site %s") % key)
        if duty in list(Duty):
            join(self.actor, self.person, site, Duty(duty))
        else:
            leave(self.actor, self.person, site)
