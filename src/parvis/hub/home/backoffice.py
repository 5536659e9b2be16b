"""The forms of what a site shows: its face, its home, its menus, its legal mentions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.models import Site

from parvis.hub.home.guarded import GuardedForm
from parvis.hub.home.layouts import LAYOUTS
from parvis.hub.legal.selectors import statement_of
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.rules import contrast_pairs
from parvis.hub.territories.forms import TerritoryField

FOR_WHO_RUNS_ALL = "superuser"
"""Fields that say which data a site shows, where it stands, and who keeps it."""


class FaceForm(GuardedForm):
    """Words, territory, logo, colours; the model refuses colours that cannot be read."""

    territory = TerritoryField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields:
            self._offer_parents(self.fields["parent"])

    def _offer_parents(self, field: Any) -> None:
        """By the name that people know; neither the site itself nor those that depend on it."""
        names = dict(SiteFace.objects.values_list("site", "name"))
        field.queryset = Site.objects.exclude(pk__in=self.instance.dependants())
        field.label_from_instance = lambda site: names.get(site.pk) or str(site)
        field.empty_label = _("Aucun : ce site montre toutes les lignes")
        field.error_messages["invalid_choice"] = _(
            "Un site ne peut dépendre ni de lui-même, ni d’un site qui dépend de lui."
        )


class ContrastPanel(HelpPanel):
    """The contrast of each pair of colours, as the form has them."""

    class BoundPanel(HelpPanel.BoundPanel):
        """Told again when the form comes back with colours that cannot be read."""

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The pairs, with their contrast."""
            face, form = self.instance, self.form
            fields = form.data if form.is_bound else {}
            colours = [fields.get(name) or getattr(face, name) for name in ("accent", "accent_strong", "stone", "ink")]
            return {**super().get_context_data(parent_context), "pairs": contrast_pairs(*colours)}


class LayoutChoice(forms.RadioSelect):
    """Layouts, each with a small picture."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """A row of pictures; the whole of each is its label."""
        facts = {"name": name, "value": value, "layouts": LAYOUTS, "id": (attrs or {}).get("id", name)}
        return render_to_string("home/backoffice/layouts.html", facts)


def _colour(name: str) -> FieldPanel:
    return FieldPanel(name, widget=forms.TextInput(attrs={"type": "color"}))


def face_panels() -> ObjectList:
    """Name, logo, colours; then, for who runs the instance, whose data and whose site it is."""
    colours = MultiFieldPanel(
        [
            *map(_colour, ("accent", "accent_strong", "stone", "ink")),
            ContrastPanel(template="home/backoffice/contrasts.html"),
        ],
        heading=gettext_lazy("Couleurs"),
    )
    names = [FieldPanel(name) for name in ("name", "tagline", "logo", "contact_email")]
    place = [
        FieldPanel(name, permission=FOR_WHO_RUNS_ALL) for name in ("territory", "parent", "prefix", "organisation")
    ]
    return ObjectList([*names, colours, *place], base_form_class=FaceForm)


def home_panels() -> ObjectList:
    """Layout, words, picture, what is put forward."""
    return ObjectList(
        [
            FieldPanel("layout", widget=LayoutChoice),
            FieldPanel("title"),
            FieldPanel("welcome", widget=forms.Textarea(attrs={"rows": 3})),
            MultiFieldPanel(
                [FieldPanel("picture"), FieldPanel("picture_alt"), FieldPanel("picture_credit")],
                heading=gettext_lazy("Photo"),
            ),
            FieldPanel("forward"),
        ],
        base_form_class=GuardedForm,
    )


def menus_panels() -> ObjectList:
    """The header's, the footer's."""
    return ObjectList([FieldPanel("header"), FieldPanel("footer")], base_form_class=GuardedForm)


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
            for name, mention in statement_of(self.instance.site).said.items():
                if mention.value and not mention.is_own:
                    self.fields[name].widget.attrs["placeholder"] = mention.value


def legal_panels() -> ObjectList:
    """What the form shows, in order."""
    groups = [MultiFieldPanel([FieldPanel(name) for name in names], heading=title) for title, names in GROUPS]
    return ObjectList(groups, base_form_class=LegalForm)
