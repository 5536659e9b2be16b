"""The form for the face of a site: the territory by its code or name, rather than a list of 35,000."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList

from parvis.web.backoffice.people.forms import TerritoryField

NAMES = (
    "name",
    "tagline",
    "territory",
    "logo",
    "accent",
    "accent_strong",
    "stone",
    "ink",
    "contact_email",
)


class FaceForm(WagtailAdminModelForm):
    """Words, territory, logo, colours; the model refuses colours that cannot be read."""

    territory = TerritoryField(
        label=gettext_lazy("Territoire"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Son code officiel (91228, 200059228…) ou son nom."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        territory = self.instance.territory
        if territory is not None:
            self.initial["territory"] = f"{territory.kind}:{territory.code}"


def face_panels() -> ObjectList:
    """What the form shows, in order."""
    return ObjectList([FieldPanel(name) for name in NAMES], base_form_class=FaceForm)
