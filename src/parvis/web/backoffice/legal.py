"""« Pages légales » in the back office: the form of a site's mentions, what is missing said above it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.permissions import policy_registry

from parvis.hub.legal.models import LegalNotice
from parvis.hub.legal.selectors import statement_of
from parvis.web.backoffice.guarded import GuardedForm

GROUPS = (
    (gettext_lazy("Qui publie"), ("publisher", "siren", "address", "phone", "email", "director", "editor")),
    (gettext_lazy("Qui héberge"), ("host_name", "host_address", "host_phone")),
    (gettext_lazy("Données personnelles"), ("dpo",)),
    (gettext_lazy("Accessibilité"), ("accessibility_plan", "audit_by", "audit_date", "audit_rate")),
    (
        gettext_lazy("Vos propres textes, à la suite de ceux du logiciel"),
        ("legal_words", "accessibility_words", "privacy_words", "licence_words"),
    ),
)


class LegalForm(GuardedForm):
    """The mentions; what is known already is shown in empty fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.site_id:
            for name, said in statement_of(self.instance.site).said.items():
                if said.value and not said.is_own:
                    self.fields[name].widget.attrs["placeholder"] = said.value


def legal_panels() -> ObjectList:
    """What the form shows, in order."""
    groups = [MultiFieldPanel([FieldPanel(name) for name in names], heading=title) for title, names in GROUPS]
    return ObjectList(groups, base_form_class=LegalForm)


def may_tell(user: Any) -> bool:
    """Whether somebody writes the legal pages of some site: Wagtail keeps that right by site."""
    return bool(policy_registry.get_by_type(LegalNotice).user_has_permission(user, "change"))


class LegalEntry(MenuItem):
    """Shown to whom has a site's legal pages to write."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has any use for it."""
        return may_tell(request.user)


@hooks.register("register_admin_menu_item")
def legal_entry() -> MenuItem:
    """After the face of the site."""
    address = reverse_lazy("wagtailsettings:edit", args=[LegalNotice._meta.app_label, LegalNotice._meta.model_name])
    return LegalEntry(gettext_lazy("Pages légales"), address, name="legal", icon_name="clipboard-list", order=21)


@hooks.register("before_edit_setting")
def tell_what_is_missing(request: HttpRequest, instance: Any) -> None:
    """Above the form, what the law asks for and nobody wrote."""
    if request.method != "GET" or not isinstance(instance, LegalNotice):
        return
    missing = statement_of(instance.site).missing
    if missing:
        rows = ", ".join(f"{one.mention.label} ({one.mention.law})" for one in missing)
        messages.warning(
            request, format_html(_("La loi demande encore : {rows}. Le site dit « à compléter »."), rows=rows)
        )
