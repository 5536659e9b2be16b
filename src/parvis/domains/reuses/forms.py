"""The forms of reuses: that of anybody, and that of the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.text import seen_text
from parvis.domains.reuses.links import leads_outside
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.rules import LONGEST_TEXT, MOST_PICTURE_BYTES, written_list
from parvis.domains.reuses.selectors import datasets_named
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.screens import sentence
from parvis.hub.backoffice.viewsets import RecordForm
from parvis.hub.visitors.writings import WritingForm

_WEB = URLValidator(schemes=["http", "https"])


class ReuseForm(WritingForm):
    """What somebody made, without an account."""

    title = forms.CharField(label=_("Nom de la réutilisation"), max_length=150)
    link = forms.URLField(
        label=_("Son adresse sur le web"),
        max_length=500,
        assume_scheme="https",
        validators=[_WEB],
        help_text=_("Là où on la voit ou l’essaie."),
    )
    kind = forms.ChoiceField(label=_("Nature"), choices=Reuse.KINDS)
    text = forms.CharField(
        label=_("Présentation"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("À quoi elle sert, pour qui, comment les données y sont employées."),
    )
    datasets = forms.CharField(
        label=_("Jeux de données employés"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’adresse de leur page sur ce portail, ou leur titre exact, un par ligne."),
    )
    picture = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif,image/avif"}),
        help_text=_(
            "Une capture d’écran, 10 Mo au plus. Elle est écrite de nouveau, sans lieu ni appareil. Si le formulaire revient, "
            "choisissez-la de nouveau."
        ),
    )
    picture_words = forms.CharField(
        label=_("Ce que montre l’image"),
        required=False,
        max_length=200,
        help_text=_("Une phrase, pour qui ne la voit pas."),
    )

    names: list[str]

    def clean_title(self) -> str:
        """Some words that are seen."""
        title = seen_text(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("Il manque le nom."))
        return title

    def clean_link(self) -> str:
        """That anybody may open."""
        link: str = self.cleaned_data["link"]
        if not leads_outside(link):
            raise ValidationError(_("Cette adresse n’est pas sur le web : personne d’autre que vous ne peut l’ouvrir."))
        return link

    def clean_datasets(self) -> str:
        """Those that anybody knows of here."""
        text = self.cleaned_data["datasets"]
        try:
            self.names = datasets_named(actor_of(self.request.user), text)
        except RequestError as error:
            self.refuse(error, "datasets")
        return text

    def clean_picture(self) -> Any:
        """Not larger than what is received; what it is, is looked at later, in a child."""
        upload = self.cleaned_data["picture"]
        if upload and upload.size > MOST_PICTURE_BYTES:
            raise ValidationError(_("L’image dépasse 10 Mo : réduisez-la, puis renvoyez-la."))
        return upload


class ReuseRecordForm(RecordForm):
    """The same in the back office, where datasets are named in the same way."""

    used = forms.CharField(
        label=_("Jeux de données employés"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’adresse de leur page ou leur identifiant, un par ligne."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["used"].initial = written_list(self.instance.datasets)

    def clean_used(self) -> list[str]:
        """Their identifiers."""
        try:
            return datasets_named(actor_of(self.for_user), self.cleaned_data["used"])
        except RequestError as error:
            raise ValidationError(sentence(error)) from error

    def save(self, commit: bool = True) -> Any:
        """With the datasets."""
        self.instance.datasets = self.cleaned_data["used"]
        return super().save(commit)
