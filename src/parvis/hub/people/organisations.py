"""Organisations, their members and their limits."""

from __future__ import annotations

from copy import copy
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

from parvis.core.elision import of
from parvis.hub.accounts.groups import groups_within
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import Role, require
from parvis.hub.accounts.selectors import organisation, organisations_where, person_by_email
from parvis.hub.accounts.services import OrganisationExists, remove_role, save_organisation, set_role
from parvis.hub.backoffice.screens import FormScreen, ListScreen, ScreenSet
from parvis.hub.datastore.limits import taken_by
from parvis.hub.people.forms import ROLES, LimitsForm, OrganisationForm, RoleForm
from parvis.hub.quotas.limits import MEASURES, Measure
from parvis.hub.quotas.models import OrganisationLimits
from parvis.hub.quotas.services import set_limits
from parvis.hub.ui.formatting import number, percent, size


class OrganisationList(ListScreen):
    """The organisations whose things the person edits."""

    model = Organisation
    page_title = gettext_lazy("Organisations")
    header_icon = "group"
    add_item_label = gettext_lazy("Ajouter une organisation")
    default_ordering = "name"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Name, kind, territory, figures."""
        return [
            TitleColumn(
                "name",
                label=_("Nom"),
                sort_key="name",
                get_url=lambda row: reverse("organisations_admin:edit", args=[row.slug]),
            ),
            Column("kind", label=_("Nature"), accessor="get_kind_display", sort_key="kind"),
            Column("territory", label=_("Territoire"), accessor="territory"),
            Column("datasets", label=_("Jeux"), accessor="dataset_count"),
            Column("members", label=_("Membres"), accessor="member_count"),
        ]

    def get_add_url(self) -> str | None:
        """A new one, for who has every right."""
        return reverse("organisations_admin:add") if self.actor.everything else None

    def get_base_queryset(self) -> QuerySet[Organisation]:
        """With how much each holds."""
        return organisations_where(self.actor, "edit").annotate(
            dataset_count=Count("datasets", distinct=True), member_count=Count("memberships", distinct=True)
        )


class _OrganisationPage(FormScreen):
    header_icon = "group"

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation of the address, when the person belongs to those who run it."""
        slug = self.kwargs.get("slug")
        if slug is None:
            require(self.actor, "administer", None, _("créer une organisation"))
            return None
        target = organisation(slug)
        require(self.actor, "edit", target.pk, _("voir « %s »") % target.name)
        return target

    def trail(self) -> list[tuple[str, str]]:
        """The list, then the organisation."""
        target = self.organisation
        own = [(reverse("organisations_admin:edit", args=[target.slug]), target.name)] if target else []
        return [(reverse("organisations_admin:list"), _("Organisations")), *own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The organisation."""
        return {"organisation": self.organisation, **super().get_context_data(**kwargs)}


class OrganisationScreen(_OrganisationPage):
    """Read, create or change an organisation."""

    template_name = "people/backoffice/organisation.html"
    form_class = OrganisationForm
    done = gettext_lazy("L’organisation est enregistrée.")
    refusals = (OrganisationExists,)

    def get_page_title(self) -> str:
        """Its name."""
        return self.organisation.name if self.organisation else _("Nouvelle organisation")

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return super().trail()[:1]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The organisation as it is now: the form changes a copy, the service the organisation."""
        target = copy(self.organisation) or Organisation(kind=Organisation.Kind.COMMUNE)
        return {**super().get_form_kwargs(), "person": self.request.user, "instance": target}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether it may be sent."""
        target = self.organisation
        administered = organisations_where(self.actor, "administer")
        may_change = target is None or administered.filter(pk=target.pk).exists()
        return {**super().get_context_data(**kwargs), "may_change": may_change}

    def act(self, form: OrganisationForm) -> HttpResponse | None:
        """Save."""
        try:
            self.organisation = save_organisation(self.actor, self.organisation, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return None

    def field_of(self, error: Exception) -> str:
        """The name of another."""
        return "name"

    def get_success_url(self) -> str:
        """Its page."""
        return reverse("organisations_admin:edit", args=[self.organisation.slug if self.organisation else ""])


class MembersScreen(_OrganisationPage):
    """Who is what in an organisation."""

    template_name = "people/backoffice/members.html"
    form_class = RoleForm
    refusals = ()  # each row has its own form: what is refused is told above them all

    def get_page_title(self) -> str:
        """The members of whom."""
        return _("Membres %(of)s") % {"of": of(self.organisation.name), "name": self.organisation.name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The members, and a form to name one more."""
        self._require_administrator()
        members = self.organisation.memberships.select_related("person").order_by("person__last_name", "person__email")
        for member in members:
            member.gone = list(groups_within(member.person, self.organisation).values())
        return {**super().get_context_data(**kwargs), "members": members, "roles": ROLES}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give or change a role, or take it away."""
        person = person_by_email(request.POST.get("email", ""))
        if "retirer" not in request.POST or person is None:
            return super().post(request, *args, **kwargs)
        remove_role(self.actor, person, self.organisation)
        messages.success(request, _("%s n’est plus membre.") % person)
        return redirect(request.path)

    def act(self, form: RoleForm) -> HttpResponse | None:
        """Give the role."""
        person: Person | None = person_by_email(form.cleaned_data["email"])
        if person is None:
            self._require_administrator()
            form.add_error("email", _("Personne n’a cette adresse ici. Invitez-la d’abord."))
            return self.form_invalid(form)
        set_role(self.actor, person, self.organisation, Role(form.cleaned_data["role"]))
        self.done = _("Le rôle de %s est enregistré.") % person
        return None

    def _require_administrator(self) -> None:
        require(self.actor, "administer", self.organisation.pk, _("gérer les membres"))


FORMS = {"size": size, "number": number}


class LimitsScreen(_OrganisationPage):
    """What an organisation has taken and may take, a bar for each measure; a form for who runs the instance."""

    page_title = gettext_lazy("Limites")
    template_name = "people/backoffice/limits.html"
    form_class = LimitsForm
    done = gettext_lazy("Les limites sont enregistrées.")

    @cached_property
    def limits(self) -> OrganisationLimits:
        """Those set, or none."""
        return OrganisationLimits.objects.filter(organisation=self.organisation.pk).first() or OrganisationLimits()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The limits as they are."""
        return {**super().get_form_kwargs(), "limits": self.limits}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is taken and allowed."""
        taken = taken_by(self.organisation.pk)
        rows = [_row(measure, taken[measure.name], getattr(self.limits, measure.name)) for measure in MEASURES]
        return {**super().get_context_data(**kwargs), "rows": rows, "may_set": self.actor.everything}

    def act(self, form: LimitsForm) -> None:
        """Set them."""
        set_limits(self.actor, self.organisation, form.in_units_kept())


def _row(measure: Measure, taken: int, limit: int | None) -> dict[str, Any]:
    formatter = FORMS[measure.form]
    share = min(taken / limit, 1) if limit else 1.0
    return {
        "measure": measure,
        "taken": formatter(taken),
        "limit": formatter(limit) if limit is not None else "",
        "share": percent(share, 0) if limit is not None else "",
        "width": round(share * 100, 1),
        "is_full": limit is not None and taken >= limit,
    }


SCREENS = ScreenSet(
    "organisations_admin",
    "organisations",
    ("", OrganisationList, "list"),
    ("-/nouvelle/", OrganisationScreen, "add"),
    ("<slug:slug>/", OrganisationScreen, "edit"),
    ("<slug:slug>/membres/", MembersScreen, "members"),
    ("<slug:slug>/limites/", LimitsScreen, "limits"),
    menu_order=500,
)
