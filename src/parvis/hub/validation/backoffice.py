"""What schemas ask of an organisation: newer ones to follow, data online that does not respect its own, what is blocked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import Screen, ScreenSet
from parvis.hub.validation.models import ENFORCEMENTS
from parvis.hub.validation.rules import Enforcement
from parvis.hub.validation.selectors import default_of, invalid_online, notices
from parvis.hub.validation.services import set_default

SHOWN = 200


class DefaultForm(forms.Form):
    """What invalid versions meet in one organisation: a line of the table."""

    enforcement = forms.ChoiceField(choices=ENFORCEMENTS, label=gettext_lazy("En cas de non-conformité"))

    def __init__(self, owner: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=owner.slug, initial={"enforcement": default_of(owner)}, **kwargs)
        self.owner = owner
        field = self.fields["enforcement"]
        field.widget.attrs["aria-label"] = f"{field.label} – {owner.name}"


class SchemaChecksScreen(Screen):
    """Newer schemas, invalid data online, and what each organisation wants."""

    page_title = gettext_lazy("Conformité aux schémas")
    header_icon = "check"
    template_name = "validation/backoffice/checks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those of the datasets that the person edits; the settings of the organisations that they administer."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("voir les vérifications"))
        return {
            **super().get_context_data(**kwargs),
            "notices": notices(self.actor).order_by("dataset__title")[:SHOWN],
            "invalid": invalid_online(self.actor).order_by("dataset_version__dataset__title")[:SHOWN],
            "forms": self._forms(),
        }

    def _forms(self, data: Any = None) -> list[DefaultForm]:
        administered = organisations_where(self.actor, "administer").order_by("name")[:SHOWN]
        return [DefaultForm(owner, data) for owner in administered]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set what the organisations of the table want, those that changed alone."""
        for form in self._forms(request.POST):
            if form.is_valid() and form.has_changed():
                set_default(self.actor, form.owner, Enforcement(form.cleaned_data["enforcement"]))
        messages.success(request, _("C’est enregistré."))
        return redirect(request.path)


SCREENS = ScreenSet("validation_admin", "verifications", ("", SchemaChecksScreen, "checks"), menu_order=130)
