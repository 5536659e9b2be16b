"""Organisations and their members."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.errors import RequestError
from parvis.hub.accounts.groups import groups_within
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Role, require
from parvis.hub.accounts.selectors import organisation, organisations_where, person_by_email
from parvis.hub.accounts.services import remove_role, save_organisation, set_role
from parvis.hub.backoffice.screens import ActorMixin, Screen, sentence
from parvis.web.backoffice.people.forms import ROLES, OrganisationForm, RoleForm


class OrganisationList(ActorMixin, IndexView):
    """The organisations whose things the person edits."""

    model = Organisation
    permission_policy = None
    any_permission_required = None
    page_title = gettext_lazy("Organisations")
    header_icon = "group"
    index_url_name = "backoffice:organisations"
    default_ordering = "name"
    paginate_by = 50

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, kind, territory, figures."""
        return [
            TitleColumn(
                "name",
                label=_("Nom"),
                sort_key="name",
                get_url=lambda found: reverse("backoffice:organisation", args=[found.slug]),
            ),
            Column("kind", label=_("Nature"), accessor="get_kind_display", sort_key="kind"),
            Column("territory", label=_("Territoire"), accessor="territory"),
            Column("datasets", label=_("Jeux"), accessor="dataset_count"),
            Column("members", label=_("Membres"), accessor="member_count"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new one, for who has every right."""
        if not self.actor.everything:
            return []
        url = reverse("backoffice:organisation_add")
        return [HeaderButton(_("Ajouter une organisation"), url=url, icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, then this list."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_base_queryset(self) -> QuerySet[Organisation]:
        """With how much each holds."""
        return organisations_where(self.actor, "edit").annotate(
            dataset_count=Count("datasets", distinct=True), member_count=Count("memberships", distinct=True)
        )


class _OrganisationPage(Screen):
    header_icon = "group"

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation of the address, when the person belongs to those who run it."""
        slug = self.kwargs.get("slug")
        if slug is None:
            require(self.actor, "administer", None, _("créer une organisation"))
            return None
        found = organisation(slug)
        require(self.actor, "edit", found.pk, _("voir « %s »") % found.name)
        return found

    def get_page_title(self) -> str:
        """Its name."""
        return self.organisation.name if self.organisation else _("Nouvelle organisation")

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("backoffice:organisations"), _("Organisations"))]


class OrganisationScreen(_OrganisationPage):
    """Read, create or change an organisation."""

    template_name = "backoffice/people/organisation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether it may be sent."""
        target = self.organisation
        administered = organisations_where(self.actor, "administer")
        return {
            "form": kwargs.get("form") or OrganisationForm.of(self.request.user, target),
            "organisation": target,
            "may_change": target is None or administered.filter(pk=target.pk).exists(),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save."""
        target = self.organisation
        form = OrganisationForm(request.user, target, request.POST)
        if form.is_valid():
            try:
                target = save_organisation(self.actor, target, form.cleaned_data)
            except RequestError as error:
                form.add_error("name", sentence(error))
            except ValidationError as error:
                form.add_error(None, error)
        if form.errors:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("L’organisation est enregistrée."))
        return redirect("backoffice:organisation", target.slug)


class MembersScreen(_OrganisationPage):
    """Who is what in an organisation."""

    template_name = "backoffice/people/members.html"

    def get_page_title(self) -> str:
        """The members of whom."""
        return _("Membres de %s") % self.organisation.name

    def trail(self) -> list[tuple[str, str]]:
        """The list, then the organisation."""
        here = (reverse("backoffice:organisation", args=[self.organisation.slug]), self.organisation.name)
        return [*super().trail(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The members, and a form to name one more."""
        require(self.actor, "administer", self.organisation.pk, _("gérer les membres"))
        members = self.organisation.memberships.select_related("person").order_by("person__last_name", "person__email")
        for member in members:
            member.gone = list(groups_within(member.person, self.organisation).values())
        return {
            "organisation": self.organisation,
            "members": members,
            "roles": ROLES,
            "form": RoleForm(),
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give, change or take away a role."""
        form = RoleForm(request.POST)
        if not form.is_valid() and "retirer" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        person = person_by_email(request.POST.get("email", ""))
        if person is None:
            require(self.actor, "administer", self.organisation.pk, _("gérer les membres"))
            form.add_error("email", _("Personne n’a cette adresse ici. Invitez-la d’abord."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "retirer" in request.POST:
            remove_role(self.actor, person, self.organisation)
            messages.success(request, _("%s n’est plus membre.") % person)
        else:
            set_role(self.actor, person, self.organisation, Role(form.cleaned_data["role"]))
            messages.success(request, _("Le rôle de %s est enregistré.") % person)
        return redirect("backoffice:members", self.organisation.slug)

    def fallback(self) -> str:
        """Back to the members, with the reason."""
        slug = self.kwargs.get("slug")
        return reverse("backoffice:members", args=[slug]) if slug else reverse("backoffice:organisations")
