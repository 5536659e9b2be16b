"""Forms of the back office: what is compared, and an extract that is received."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import ParvisError
from parvis.core.identifiers import check_dataset_id
from parvis.core.osm.mappings import read_mapping, theme_text, themes
from parvis.domains.osm.models import Conflation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of, organisations_where
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import RecordForm
from parvis.hub.catalogue.selectors import dataset_called, datasets_managed_by
from parvis.hub.drawings.selectors import offered_datasets
from parvis.hub.records.selectors import managed_by

OFFERED = 500
"""Datasets in a list."""


def theme_choices() -> list[tuple[str, str]]:
    """Themes that are shipped."""
    return [(theme.name, theme.title) for theme in themes().values()]


class ConflationForm(RecordForm):
    """A dataset, an extract of OpenStreetMap, and how they correspond; without a mapping, that of the theme is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—")]
        if self.for_user is not None:
            chosen = [name for name in self.instance.datasets if name]
            rows = offered_datasets(actor_of(self.for_user), chosen, OFFERED)
            choices += [(row.dataset_id, f"{row.title} ({row.dataset_id})") for row in rows]
        for name in ("dataset_id", "osm_dataset_id"):
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)
        self.fields["osm_dataset_id"].help_text = _("Celui que « Recevoir un extrait » a fait : commencez par là.")
        self.fields["theme"] = forms.ChoiceField(label=_("Thème"), choices=theme_choices())
        self.fields["mapping"].widget = forms.Textarea(attrs={"rows": 18, "spellcheck": "false"})

    def clean(self) -> dict[str, Any]:
        """The mapping of the theme when none is written or the theme was changed without touching it; what is wrong with it, beside it."""
        fields = super().clean() or self.cleaned_data
        theme, text = fields.get("theme", ""), fields.get("mapping", "").replace("\r\n", "\n").strip()
        if not theme:
            return fields
        untouched = {theme_text(name).strip() for name in themes()}
        if not text or text in untouched:
            text = theme_text(theme).strip()
        fields["mapping"] = f"{text}\n"
        try:
            read_mapping(text, theme)
        except ParvisError as error:
            self.add_error("mapping", sentence(error))
        if fields.get("dataset_id") and fields.get("dataset_id") == fields.get("osm_dataset_id"):
            self.add_error(
                "osm_dataset_id", _("Choisissez deux jeux différents : le vôtre, et celui reçu d’OpenStreetMap.")
            )
        return fields


class ExtractForm(forms.Form):
    """A file of OpenStreetMap, what is wanted of it, and the dataset that it makes or brings up to date."""

    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("Un extrait .osm.pbf ou .osm, la réponse JSON d’Overpass, ou des modifications .osc."),
    )
    theme = forms.ChoiceField(
        label=_("Thème"), help_text=_("Un thème fourni, ou celui d’un rapprochement que vous avez modifié.")
    )
    territory = forms.ChoiceField(
        label=_("Territoire"),
        required=False,
        help_text=_("Pour mettre un jeu à jour, laissez « tout le fichier » : son territoire est gardé."),
    )
    dataset = forms.ChoiceField(
        label=_("Jeu à mettre à jour"),
        required=False,
        help_text=_("Pour un premier extrait, laissez « un nouveau jeu »."),
    )
    may_shrink = forms.BooleanField(
        label=_("Ce jeu peut perdre plus de la moitié de ses objets"),
        required=False,
        help_text=_("Sans cela, un fichier bien plus petit que le précédent est refusé : il est souvent incomplet."),
    )
    organisation = forms.ChoiceField(label=_("Organisation du nouveau jeu"), required=False)
    identifier = forms.CharField(
        label=_("Identifiant du nouveau jeu"),
        required=False,
        max_length=100,
        help_text=_("Identifiant permanent, par exemple osm-arbres-lieusaint. Sans lui : osm- suivi du thème."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = list(organisations_where(actor, "edit"))
        rows = (
            datasets_managed_by(actor).filter(licence="odbl", dataset_id__startswith="osm").order_by("title")[:OFFERED]
        )
        places = {f"{row.territory.kind}:{row.territory.code}": row.territory.name for row in owners if row.territory}
        own = [
            (f"rapprochement:{row.slug}", row.title)
            for row in managed_by(Conflation, actor).order_by("title")[:OFFERED]
        ]
        self.fields["theme"].choices = [*theme_choices(), *own]
        self.fields["organisation"].choices = [(row.slug, row.name) for row in owners]
        self.fields["dataset"].choices = [("", _("un nouveau jeu")), *((row.dataset_id, row.title) for row in rows)]
        self.fields["territory"].choices = [("", _("tout le fichier")), *places.items()]

    def clean(self) -> dict[str, Any]:
        """The identifier of a new dataset, one that nothing has; « osm- » and the theme unless it is given."""
        fields = super().clean() or self.cleaned_data
        if fields.get("dataset"):
            return fields
        identifier = fields.get("identifier", "").strip() or f"osm-{fields.get('theme', '').rpartition(':')[2]}"
        fields["identifier"] = identifier
        if not identifier.startswith("osm"):
            self.add_error(
                "identifier", _("L’identifiant commence par « osm », pour que chacun sache d’où vient le jeu.")
            )
            return fields
        try:
            check_dataset_id(identifier)
        except ParvisError as error:
            self.add_error("identifier", sentence(error))
            return fields
        if dataset_called(identifier) is not None:
            self.add_error(
                "identifier", _("Cet identifiant est pris : choisissez-en un autre, ou le jeu à mettre à jour.")
            )
        return fields
