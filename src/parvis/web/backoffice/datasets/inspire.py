"""The part of the card's form that INSPIRE asks for, shown once somebody says that the dataset is of its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parvis.core.inspire.block import FIELD_BY_NAME, LONGEST_LINE, LONGEST_TEXT, BadInspire, Gap, gaps, judged
from parvis.core.inspire.proposals import CardFacts, proposed
from parvis.core.inspire.vocabulary import DEGREES, LIMITS, ROLES, THEMES, TOPICS, TYPES
from parvis.core.metadata import Term
from parvis.core.translation import SOURCE, Sentence
from parvis.hub.addresses import absolute_url
from parvis.web.backoffice.datasets.forms import DayInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parvis.hub.catalogue.models import Dataset

PREFIX = "inspire"
YES, NO = "yes", "no"


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _choices(terms: Sequence[Term], *, may_be_empty: bool = False) -> Callable[[], list[tuple[str, str]]]:
    """The terms in the language of the page."""
    first = [("", "—")] if may_be_empty else []
    return lambda: [*first, *((term.slug, _begun(_(term.label))) for term in terms)]


theme_choices = _choices(THEMES)


def _label(name: str) -> Any:
    return gettext_lazy(FIELD_BY_NAME[name].label)


class InspireForm(forms.Form):
    """The block; what is typed is judged only of a dataset that is said to be of INSPIRE's scope."""

    scope = forms.ChoiceField(
        label=_label("scope"),
        required=False,
        choices=[("", gettext_lazy("pas encore dit")), (YES, gettext_lazy("oui")), (NO, gettext_lazy("non"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Donnée géographique, numérique, d’un des 34 thèmes de la directive 2007/2/CE."),
    )
    themes = forms.MultipleChoiceField(
        label=_label("themes"), required=False, choices=theme_choices, widget=forms.CheckboxSelectMultiple
    )
    type = forms.ChoiceField(label=_label("type"), required=False, choices=_choices(TYPES, may_be_empty=True))
    topics = forms.MultipleChoiceField(
        label=_label("topics"), required=False, choices=_choices(TOPICS), widget=forms.CheckboxSelectMultiple
    )
    code = forms.CharField(
        label=_label("code"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Il ne change plus, même si le jeu est renommé."),
    )
    namespace = forms.CharField(label=_label("namespace"), required=False, max_length=LONGEST_LINE)
    lineage = forms.CharField(
        label=_label("lineage"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Comment la donnée a été produite : sources, dates, méthode."),
    )
    scale = forms.IntegerField(
        label=_label("scale"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Le dénominateur : 25000 pour une échelle de 1:25 000."),
    )
    distance = forms.FloatField(label=_label("distance"), required=False, min_value=0)
    crs = forms.CharField(
        label=_label("crs"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Le code EPSG : 4326 pour WGS 84, 2154 pour Lambert-93."),
    )
    encoding = forms.CharField(
        label=_label("encoding"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Le format de référence : GeoPackage 1.3, GML 3.2.1."),
    )
    conformity = forms.ChoiceField(
        label=_label("conformity"), required=False, choices=_choices(DEGREES, may_be_empty=True)
    )
    conformity_date = forms.DateField(label=_label("conformity_date"), required=False, widget=DayInput)
    limits = forms.MultipleChoiceField(
        label=_label("limits"),
        required=False,
        choices=_choices(LIMITS),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Rien de coché : ce que dit l’accès du jeu et son motif."),
    )
    conditions = forms.CharField(
        label=_label("conditions"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Rien d’écrit : la licence."),
    )
    maintenance = forms.CharField(
        label=_label("maintenance"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    party = forms.CharField(label=_label("party"), required=False, max_length=LONGEST_LINE)
    party_role = forms.ChoiceField(
        label=_label("party_role"), required=False, choices=_choices(ROLES, may_be_empty=True)
    )
    party_email = forms.CharField(label=_label("party_email"), required=False, max_length=254)
    metadata_contact = forms.CharField(
        label=_label("metadata_contact"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=gettext_lazy("Rien d’écrit : le contact de la fiche."),
    )
    metadata_email = forms.CharField(label=_label("metadata_email"), required=False, max_length=254)
    metadata_date = forms.DateField(
        label=_label("metadata_date"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Rien d’écrit : le jour de la dernière modification."),
    )

    def __init__(self, dataset: Dataset, *args: Any, **kwargs: Any) -> None:
        self.before = dataset.inspire
        self.is_proposal = not self.before.keys() - {"scope"}
        shown = proposed(facts_of(dataset)) if self.is_proposal else self.before
        scope = {True: YES, False: NO}.get(self.before.get("scope"), "")
        super().__init__(*args, prefix=PREFIX, initial={**shown, "scope": scope}, **kwargs)
        for name in ("code", "namespace", "crs", "encoding", "party", "party_email", "metadata_contact"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def full_clean(self) -> None:
        """What is not shown is not judged: nobody can mend what they do not see."""
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("scope") != YES and "scope" not in self.errors:
            self._errors.clear()

    def clean(self) -> dict[str, Any]:
        """Each value as the block has it."""
        values = super().clean() or {}
        for name in FIELD_BY_NAME.keys() - {"scope"} if values.get("scope") == YES else ():
            value = values.get(name)
            try:
                values |= {name: None} | judged({name: value.isoformat() if hasattr(value, "isoformat") else value})
            except BadInspire as error:
                self.add_error(name, _reason(error))
        return values

    @cached_property
    def is_there(self) -> bool:
        """Whether the form that was sent has this part."""
        return self.is_bound and self.add_prefix("scope") in self.data

    def block(self) -> dict[str, Any]:
        """The block to keep: out of scope, what was kept stays, and is told nowhere."""
        scope = self.cleaned_data.get("scope")
        if scope != YES:
            others = {name: value for name, value in self.before.items() if name != "scope"}
            return {**others, "scope": False} if scope == NO else others
        values = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        return {**values, "scope": True}

    @property
    def gaps(self) -> list[Gap]:
        """What the regulation wants and what is kept does not say."""
        return gaps(self.before)


def _reason(error: BadInspire) -> str:
    reason = error.details["reason"]
    words = reason.text(get_language() or SOURCE) if isinstance(reason, Sentence) else str(reason)
    return f"{_begun(words)}."


def facts_of(dataset: Dataset) -> CardFacts:
    """What the card and the version online let one propose."""
    version = dataset.current or dataset.versions.first()
    return CardFacts(
        words=[dataset.title, *dataset.keywords],
        themes=dataset.themes,
        identifier=dataset.permanent_id,
        namespace=absolute_url("/explore/dataset/"),
        has_geometry=bool(version and version.has_geometry),
        source=dataset.source,
        publisher=dataset.organisation.name,
        email=dataset.contact_email or dataset.organisation.email,
        file_format=version.format if version and version.has_geometry and not version.is_federated else "",
    )
