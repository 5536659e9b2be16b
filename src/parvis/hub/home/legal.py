"""The form of a site's legal mentions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

from parvis.hub.home.guarded import GuardedForm
from parvis.hub.legal.selectors import statement_of

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
