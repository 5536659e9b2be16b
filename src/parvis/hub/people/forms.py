"""Forms for organisations and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy
from wagtail.images.models import Image
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import Actor, Role
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.quotas.limits import MEASURES
from parvis.hub.quotas.models import OrganisationLimits
from parvis.hub.territories.forms import TerritoryField

ROLES = [
    (Role.READER, gettext_lazy("Lecteur (élu, agent) : voit les jeux internes")),
    (Role.CONTRIBUTOR, gettext_lazy("Contributeur : dépose des fichiers, écrit les fiches")),
    (Role.STEWARD, gettext_lazy("Responsable des données : publie et retire")),
    (Role.ADMINISTRATOR, gettext_lazy("Administrateur : gère aussi l’organisation et ses membres")),
]


class OrganisationForm(forms.ModelForm):
    """Who publishes; the logo only for who may choose images."""

    siren = forms.RegexField(
        r"^\d{9}$",
        label="SIREN",
        required=False,
        error_messages={"invalid": gettext_lazy("Un SIREN a neuf chiffres.")},
    )
    territory = TerritoryField()

    class Meta:
        model = Organisation
        fields = ("name", "kind", "siren", "territory", "description", "website", "email", "logo")
        widgets = {"description": forms.Textarea(attrs={"rows": 4}), "logo": AdminImageChooser}
        help_texts = {"logo": gettext_lazy("Sans logo, la page publique montre le contour du territoire.")}

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(Image)
        choosable = policy.instances_user_has_any_permission_for(person, ["choose"])
        if policy.user_has_any_permission(person, ["choose"]):
            present = Q(pk__in=choosable.values("pk")) | Q(pk=self.instance.logo_id)
            self.fields["logo"].queryset = Image.objects.filter(present)
        else:
            del self.fields["logo"]  # and the logo stays as it is


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
        self.fields["organisation"].choices = list(administered.values_list("slug", "name"))


class RoleForm(forms.Form):
    """A role in one organisation."""

    email = forms.EmailField(label=gettext_lazy("Adresse électronique de la personne"))
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=ROLES, initial=Role.CONTRIBUTOR)


UNITS = {"storage": (1_000_000, gettext_lazy("en mégaoctets"))}
"""Measures that are typed in another unit than they are kept in: how much it is, its name."""
MOST = 10**15


class LimitField(forms.IntegerField):
    """A whole number, thousands apart or not."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "invalid": gettext_lazy("Écrivez un nombre entier, 0 ou plus, ou laissez vide pour ne pas limiter.")
    }

    def to_python(self, value: Any) -> int | None:
        """The number; Python alone would read digits of other scripts too."""
        bare = "".join(str(value or "").split())
        if bare and not (bare.isascii() and bare.isdigit()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(bare)


class LimitsForm(forms.Form):
    """A limit for each measure; empty: none."""

    def __init__(self, limits: OrganisationLimits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure in MEASURES:
            unit, name = UNITS.get(measure.name, (1, ""))
            limit = getattr(limits, measure.name)
            self.fields[measure.name] = LimitField(
                label=f"{measure.label} ({name})" if name else measure.label,
                required=False,
                max_value=MOST // unit,
                initial=None if limit is None else limit // unit,
            )

    def in_units_kept(self) -> dict[str, int | None]:
        """The limits as they are kept."""
        units = {name: UNITS.get(name, (1,))[0] for name in self.fields}
        return {name: value if value is None else value * units[name] for name, value in self.cleaned_data.items()}
