"""Forms for organisations and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.images.models import Image
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from parvis.core.errors import NotFound
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import Actor, Role
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.territories.selectors import by_any_code, search

ROLES = [
    (Role.READER, gettext_lazy("Lecteur (élu, agent) : voit les jeux internes")),
    (Role.CONTRIBUTOR, gettext_lazy("Contributeur : dépose des fichiers, écrit les fiches")),
    (Role.STEWARD, gettext_lazy("Responsable des données : publie et retire")),
    (Role.ADMINISTRATOR, gettext_lazy("Administrateur : gère aussi l’organisation et ses membres")),
]


class TerritoryField(forms.CharField):
    """A territory by its code or by an exact name."""

    def clean(self, value: Any) -> Any:
        """The territory, or None when nothing is written."""
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return by_any_code(text)
        except NotFound:
            found = list(search(text, limit=5))
        exact = [territory for territory in found if territory.name.casefold() == text.casefold()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        near = ", ".join(f"{territory.name} : {territory.code}" for territory in found)
        raise forms.ValidationError(
            _("Écrivez un code : %s.") % near if near else _("Aucun territoire ne porte ce nom ni ce code.")
        )


class OrganisationForm(forms.Form):
    """Who publishes."""

    name = forms.CharField(label=gettext_lazy("Nom"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=Organisation.Kind.choices)
    siren = forms.RegexField(
        r"^\d{9}$",
        label="SIREN",
        required=False,
        error_messages={"invalid": gettext_lazy("Un SIREN a neuf chiffres.")},
    )
    territory = TerritoryField(
        label=gettext_lazy("Territoire"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Son code officiel (91228, 200059228…) ou son nom."),
    )
    description = forms.CharField(
        label=gettext_lazy("Présentation"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.URLField(label=gettext_lazy("Site web"), required=False, assume_scheme="https")
    email = forms.EmailField(label=gettext_lazy("Adresse de contact"), required=False)

    logo = forms.ModelChoiceField(
        label=gettext_lazy("Logo"),
        queryset=Image.objects.none(),
        required=False,
        widget=AdminImageChooser,
        help_text=gettext_lazy("Sans logo, la page publique montre le contour du territoire."),
    )

    def __init__(self, person: Person, organisation: Organisation | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(Image)
        choosable = policy.instances_user_has_any_permission_for(person, ["choose"])
        if policy.user_has_any_permission(person, ["choose"]):
            known = organisation.logo_id if organisation else None
            self.fields["logo"].queryset = Image.objects.filter(Q(pk__in=choosable.values("pk")) | Q(pk=known))
        else:
            del self.fields["logo"]  # and the logo stays as it is

    @classmethod
    def of(cls, person: Person, organisation: Organisation | None) -> OrganisationForm:
        """The form as the organisation stands; the logo only for who may choose images."""
        if organisation is None:
            return cls(person, None, initial={"kind": Organisation.Kind.COMMUNE})
        names = ("name", "kind", "siren", "description", "website", "email", "logo")
        initial = {name: getattr(organisation, name) for name in names}
        territory = organisation.territory
        return cls(
            person,
            organisation,
            initial={**initial, "territory": f"{territory.kind}:{territory.code}" if territory else ""},
        )


class InviteForm(forms.Form):
    """A person to invite, and their first role."""

    email = forms.EmailField(label=gettext_lazy("Adresse électronique"))
    first_name = forms.CharField(label=gettext_lazy("Prénom"), required=False, max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Nom"), required=False, max_length=150)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"), choices=ROLES, initial=Role.CONTRIBUTOR, widget=forms.RadioSelect
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        administered = organisations_where(actor, "administer")
        self.fields["organisation"].choices = [(found.slug, found.name) for found in administered]


class RoleForm(forms.Form):
    """A role in one organisation."""

    email = forms.EmailField(label=gettext_lazy("Adresse électronique de la personne"))
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=ROLES, initial=Role.CONTRIBUTOR)
