"""The form of a card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.hvd import CATEGORIES, proposed
from parvis.core.metadata import FREQUENCIES, LICENCES, THEME_BY_SLUG, theme_slug
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.territories.selectors import referred_to, search
from parvis.web.backoffice.datasets.dataset_list import theme_choices
from parvis.web.backoffice.messages import LANGUAGES

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

MOST_KEYWORDS = 30


def paragraphs_to_html(text: str) -> str:
    """Plain text with empty lines between paragraphs, as HTML; text that already holds tags is left as it is."""
    if re.search(r"<\w+[^>]*>", text):
        return text
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in parts)


def html_to_paragraphs(html: str) -> str:
    """The reverse for HTML made of paragraphs only; richer HTML is shown as it is, to be edited as such."""
    if set(re.findall(r"<(\w+)", html)) - {"p", "br"}:
        return html
    text = re.sub(r"<br\s*/?>", "\n", html)
    text = re.sub(r"</p>\s*<p[^>]*>", "\n\n", text)
    return unescape(re.sub(r"</?p[^>]*>", "", text)).strip()


class WordsField(forms.CharField):
    """Words between commas, as a list without repeats."""

    def prepare_value(self, value: Any) -> Any:
        """A list as text."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Text as a list."""
        words = [" ".join(word.split()) for word in re.split(r"[,;\n]", super().clean(value) or "")]
        unique_words = list(dict.fromkeys(word for word in words if word))
        if len(unique_words) > MOST_KEYWORDS:
            raise forms.ValidationError(_("%s mots-clés au plus.") % MOST_KEYWORDS)
        return unique_words


class DayInput(forms.DateInput):
    """The browser's own date field: no script, whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def frequency_choices() -> list[tuple[str, str]]:
    """The frequencies in the language of the page."""
    return [(term.slug, _(term.label)) for term in FREQUENCIES]


def hvd_choices() -> list[tuple[str, str]]:
    """The categories of high-value datasets in the language of the page."""
    return [(term.slug, _(term.label)) for term in CATEGORIES]


def licence_choices() -> list[tuple[str, str]]:
    """The licences by their own names."""
    return [(licence.slug, licence.name) for licence in LICENCES]


class CardForm(forms.Form):
    """Everything that people say of a dataset, but its access and its fields."""

    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=200,
        help_text=gettext_lazy("Ce que contient le jeu, où et quand : « Arceaux à vélos à Évry-Courcouronnes, 2026 »."),
    )
    organisation = forms.ChoiceField(
        label=gettext_lazy("Organisation"), widget=forms.Select(attrs={"data-combobox": ""})
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "D’où viennent les données, à quoi elles servent. Une ligne vide sépare deux paragraphes."
        ),
    )
    licence = forms.ChoiceField(label=gettext_lazy("Licence"), choices=licence_choices, initial="lov2")
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Thèmes"), choices=theme_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    keywords = WordsField(
        label=gettext_lazy("Mots-clés"),
        required=False,
        help_text=gettext_lazy("Trois mots-clés de recherche, séparés par des virgules."),
    )
    hvd = forms.MultipleChoiceField(
        label=gettext_lazy("Jeu de forte valeur"),
        choices=hvd_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Si le règlement (UE) 2023/138 le nomme : licence aussi libre que CC BY 4.0, donc pas l’ODbL. Laissez vide sinon."
        ),
    )
    hvd_refused = forms.BooleanField(label=gettext_lazy("Ce n’est pas un jeu de forte valeur"), required=False)
    territories = forms.MultipleChoiceField(
        label=gettext_lazy("Territoires"), required=False, widget=forms.CheckboxSelectMultiple
    )
    territory_search = forms.CharField(
        label=gettext_lazy("Chercher un territoire"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Un nom, un code INSEE ou un code postal."),
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("Fréquence de mise à jour"), choices=frequency_choices, initial="unknown"
    )
    temporal_start = forms.DateField(label=gettext_lazy("Début de la période"), required=False, widget=DayInput)
    temporal_end = forms.DateField(label=gettext_lazy("Fin de la période"), required=False, widget=DayInput)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), required=False, max_length=120)
    contact_email = forms.CharField(
        label=gettext_lazy("Adresse du contact"),
        required=False,
        max_length=254,
        validators=[EmailValidator(gettext_lazy("Écrivez une adresse telle que donnees@ville.fr."))],
        help_text=gettext_lazy("Publique : préférez l’adresse d’un service à celle d’une personne."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=300)
    source_url = forms.URLField(
        label=gettext_lazy("Adresse de la source"), required=False, max_length=500, assume_scheme="https"
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue des données"), choices=list(LANGUAGES.items()), initial="fr"
    )
    personal_data = forms.CharField(
        label=gettext_lazy("Données personnelles"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "« Aucune », ou lesquelles et à quel titre elles sont publiées (texte, anonymisation, accord)."
        ),
    )
    ip_note = forms.CharField(
        label=gettext_lazy("Propriété intellectuelle"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, actor: Actor, *args: Any, schema: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schema = schema
        organisations = organisations_where(actor, "edit")
        choices = [(row.slug, row.name) for row in organisations]
        # None is chosen for who writes for several: the first of the alphabet would publish the data of another.
        self.fields["organisation"].choices = choices if len(choices) == 1 else [("", _("Choisir…")), *choices]
        self.found: list[tuple[str, str]] = self._search()
        territory_choices = self._kept_territories()
        # Themes in words of their own, from a sidecar or another portal, can be kept or taken away.
        theme_slugs = [slug for slug, _label in self.fields["themes"].choices]
        chosen_themes = (
            self.data.getlist(self.add_prefix("themes")) if self.is_bound else self.initial.get("themes") or []
        )
        others = [(word, word) for word in chosen_themes[:MOST_KEYWORDS] if word not in theme_slugs]
        self.fields["themes"].choices = [*self.fields["themes"].choices, *others]
        self.fields["hvd"].choices = self._proposed_categories(chosen_themes)
        self.fields["territories"].choices = territory_choices + [
            choice for choice in self.found if choice not in territory_choices
        ]
        for name in ("title", "description", "keywords", "territory_search", "contact_email", "source_url"):
            self.fields[name].widget.attrs.setdefault("autocomplete", "off")

    def _search(self) -> list[tuple[str, str]]:
        query = (self.data.get(self.add_prefix("territory_search")) or "") if self.is_bound else ""
        return [_choice(found) for found in search(query, limit=12)]

    def _kept_territories(self) -> list[tuple[str, str]]:
        name = self.add_prefix("territories")
        names = self.data.getlist(name) if self.is_bound else self.initial.get("territories", [])
        choices = []
        for value in names[:200]:
            territory = referred_to(value)
            choices += [_choice(territory)] if territory else []
        return choices

    def _proposed_categories(self, themes: list[str]) -> list[tuple[str, str]]:
        """The categories, those that the title, the keywords and the schema speak of marked as such: a proposal, never a choice."""
        if self.is_bound:
            title, words = (self.data.get(self.add_prefix(name)) or "" for name in ("title", "keywords"))
            keywords = [words[:2000]]
        else:
            title, keywords = self.initial.get("title") or "", self.initial.get("keywords") or []
        own_themes = [word for word in themes if word not in THEME_BY_SLUG]
        proposals = proposed([title[:200], *keywords[:MOST_KEYWORDS], *own_themes[:MOST_KEYWORDS]], self.schema)
        return [
            (slug, _("%s (proposé d’après la fiche)") % label if slug in proposals else label)
            for slug, label in hvd_choices()
        ]

    @property
    def is_search(self) -> bool:
        """True when the person asked for territories and nothing else."""
        return self.is_bound and "chercher" in self.data

    def clean(self) -> dict[str, Any]:
        """A period ends after it begins; what is of high value is not refused to be."""
        values = super().clean() or {}
        start, end = values.get("temporal_start"), values.get("temporal_end")
        if start and end and end < start:
            self.add_error("temporal_end", _("La période finit avant d’avoir commencé."))
        if values.get("hvd") and values.get("hvd_refused"):
            self.add_error("hvd_refused", _("Choisissez des catégories, ou dites qu’il n’est d’aucune."))
        return values

    def card(self) -> dict[str, Any]:
        """What was written, as ``catalogue.services`` takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "territory_search"}
        values["description"] = paragraphs_to_html(values["description"])
        return values


def _choice(territory: Territory) -> tuple[str, str]:
    label = f"{territory.name} ({territory.get_kind_display()}, {territory.code})"
    return f"{territory.kind}:{territory.code}", label


def initial_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """A card as the form shows it."""
    initial = {**card, "description": html_to_paragraphs(card.get("description") or "")}
    initial["themes"] = list(dict.fromkeys(theme_slug(word) for word in card.get("themes") or []))
    for name in ("temporal_start", "temporal_end"):
        if isinstance(initial.get(name), str):
            initial[name] = date.fromisoformat(initial[name])
    return initial
