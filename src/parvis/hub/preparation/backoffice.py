"""« Faire un extrait »: the rows and the columns that are taken of a dataset, who reads them; seen before anything is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import NotFound, RequestError
from parvis.core.identifiers import dataset_id_from
from parvis.core.recipes import write_recipe
from parvis.core.recipes.reading import Recipe
from parvis.core.transforms import Step
from parvis.core.transforms.preparation.tables import ODSQL, V1
from parvis.hub.accounts.rules import may, require
from parvis.hub.backoffice.screens import FormScreen, ScreenSet, sentence
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import dataset as dataset_named
from parvis.hub.datastore.extracts import Question, Taken, columns_of, take
from parvis.hub.preparation.extracts import Wish, make_extract, require_rows
from parvis.hub.preparation.services import EXTRACTING
from parvis.hub.teams.selectors import groups_in_words, groups_of_readers

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

LONGEST_CELL = 200


class ExtractForm(forms.Form):
    """What is taken, what it is called, who reads it."""

    where = forms.CharField(
        label=gettext_lazy("Lignes gardées : la condition"),
        max_length=20_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            'En ODSQL, comme le « where » de l’API : service = "Voirie" and annee >= 2024. Vide : toutes les lignes.'
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langage de la condition"),
        choices=[
            (ODSQL, gettext_lazy("ODSQL, celui de l’API")),
            (V1, gettext_lazy("celui de la première version de l’API")),
        ],
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Colonnes gardées"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Aucune cochée : toutes, y compris celles qui viendront."),
    )
    title = forms.CharField(label=gettext_lazy("Titre de l’extrait"), max_length=200)
    dataset_id = forms.CharField(
        label=gettext_lazy("Identifiant"),
        max_length=100,
        help_text=gettext_lazy("Lettres sans accent, chiffres, tirets : il sert d’adresse."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ses lecteurs la lisent, qui ne voient peut-être pas le jeu d’origine."),
    )
    access = forms.ChoiceField(
        label=gettext_lazy("Qui le lit"),
        widget=forms.RadioSelect,
        choices=[
            (Access.RESTRICTED.value, gettext_lazy("Les groupes choisis, et l’organisation")),
            (Access.PUBLIC.value, gettext_lazy("Tout le monde")),
        ],
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Groupes (accès restreint)"),
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-combobox": ""}),
        help_text=gettext_lazy(
            "Sans groupe, seule l’organisation le voit, en attendant que vous en nommiez, page « Accès »."
        ),
    )

    def __init__(self, columns: Sequence[tuple[str, str]], *args: Any, may_open: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = columns
        self.fields["groups"].queryset = groups_of_readers()
        words = groups_in_words()
        self.fields["groups"].label_from_instance = lambda group: words.get(group.pk, group.name)
        if not may_open:
            self.fields["access"].choices = self.fields["access"].choices[:1]

    def question(self) -> Question:
        """What it takes."""
        facts = self.cleaned_data
        return Question(facts.get("where", ""), facts.get("language") or ODSQL, tuple(facts.get("columns") or ()))

    def wish(self) -> Wish:
        """All that it asks."""
        facts = self.cleaned_data
        words = (facts["title"], facts["dataset_id"].strip(), facts["description"])
        return Wish(*words, self.question(), Access(facts["access"]), list(facts["groups"]))


@method_decorator(never_cache, name="dispatch")
class ExtractScreen(FormScreen):
    """The extract of a dataset, for who may change it."""

    page_title = gettext_lazy("Faire un extrait")
    template_name = "preparation/backoffice/extract.html"
    form_class = ExtractForm
    header_icon = "table"

    @cached_property
    def parent(self) -> Dataset:
        """The one of the address."""
        row = dataset_named(self.actor, self.kwargs["dataset_id"])
        require(self.actor, "edit", row.organisation_id, _("faire un extrait de « %s »") % row.title)
        return row

    def trail(self) -> list[tuple[str, str]]:
        """The list of datasets, the dataset."""
        address = reverse("backoffice:dataset", args=[self.parent.dataset_id])
        return [(reverse("backoffice:datasets"), _("Jeux de données")), (address, self.parent.title)]

    def fallback(self) -> str:
        """The dataset: one without rows has nothing to take."""
        return reverse("backoffice:dataset", args=[self.parent.dataset_id])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form of a dataset that has rows."""
        require_rows(self.parent)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The columns of the dataset; tout le monde for who may put things online."""
        columns = [(column.name, column.label or column.name) for column in columns_of(self.parent)]
        may_open = may(self.actor, "publish", self.parent.organisation_id)
        return {**super().get_form_kwargs(), "columns": columns, "may_open": may_open}

    def get_initial(self) -> dict[str, Any]:
        """Nothing taken yet; names that say where it comes from."""
        title = _("%s – extrait") % self.parent.title
        return {
            "language": ODSQL,
            "access": Access.RESTRICTED.value,
            "title": title[:200],
            "dataset_id": dataset_id_from(title),
            "description": self.parent.description,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the extract, or show what it would have."""
        require_rows(self.parent)
        if "voir" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, form: Any) -> HttpResponse:
        """Make it."""
        child = self.make(form)
        messages.success(self.request, _("« %s » est fait ; ses lignes arrivent.") % child.title)
        return redirect(reverse("backoffice:dataset", args=[child.dataset_id]))

    def make(self, form: Any) -> Dataset:
        """The extract of the form."""
        return make_extract(self.actor, self.parent, form.wish())

    def field_of(self, error: Any) -> str | None:
        """What is wrong with the identifier beside it, with the condition beside that."""
        if error.code.startswith("dataset-id"):
            return "dataset_id"
        return "where" if error.code.startswith(("odsql", "extract")) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and what it would take."""
        facts = super().get_context_data(**kwargs)
        question = self._question(facts["form"])
        shown = self._shown(question, facts["form"]) if question is not None else {}
        back = reverse("backoffice:dataset", args=[self.parent.dataset_id])
        return {**facts, "parent": self.parent, "back": back, "back_label": self.parent.title, **shown}

    def _question(self, form: Any) -> Question | None:
        if form.is_bound:
            return form.question() if not {"where", "columns", "language"} & set(form.errors) else None
        initial = form.initial
        question = Question(
            initial.get("where", ""), initial.get("language", ODSQL), tuple(initial.get("columns") or ())
        )
        return question if question.where or question.columns else None

    def _shown(self, question: Question, form: Any) -> dict[str, Any]:
        try:
            taken = take(self.parent, question)
        except NotFound:
            raise
        except RequestError as error:
            return {"refusal": "" if form.errors else sentence(error)}
        step = Step(EXTRACTING, question.parameters(self.parent.dataset_id))
        return {
            "taken": taken,
            "recipe": write_recipe(Recipe((step,))),
            "rows": shown_rows(taken),
            **self.compared(taken, question),
        }

    def compared(self, taken: Taken, question: Question) -> Mapping[str, Any]:
        """What else is told of what would be taken."""
        return {}


def shown_rows(taken: Taken) -> dict[str, Any]:
    """The first rows as a table."""
    names = [column.name for column in taken.columns]
    cells = [[_cell(row.get(name)) for name in names] for row in taken.first]
    return {"headers": [column.label or column.name for column in taken.columns], "cells": cells, "total": taken.rows}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("vrai") if value else _("faux")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


SCREENS = ScreenSet("preparation", "extraits", ("<str:dataset_id>/", ExtractScreen, "extract"))
