"""The filter bar of a page: what it offers, what the address says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.core.columns import Column, ColumnType, value_text
from parvis.core.errors import ParvisError, RequestError
from parvis.core.text import fold, slugify
from parvis.core.translation import gettext_noop
from parvis.hub.drawings.places import places
from parvis.hub.drawings.plain_errors import plain_message
from parvis.hub.drawings.questions import opened
from parvis.hub.pages.block_queries import filtered_query
from parvis.hub.pages.block_values import Answers, Plan, Reader, Shown
from parvis.hub.pages.blocks.data import (
    DATA_GROUP,
    DataBlock,
    DatasetBlock,
    column_block,
    finer,
    known_columns,
    split_names,
)
from parvis.hub.pages.form_actor import current_actor
from parvis.hub.pages.rules import LONGEST_WORD, MOST_CHOICES, MOST_FILTERS, Filters, Offered, is_filter_word

CHOICE, COUNT = "choix", "nombre"
"""Keys of the answers to the questions of a filter."""


class OneFilterBlock(blocks.StructBlock):
    """One filter: what it is called, which column gives its choices, how other datasets call that column."""

    label = blocks.CharBlock(
        label=gettext_lazy("Nom du filtre"), max_length=60, help_text=gettext_lazy("« Commune », « Année ».")
    )
    dataset = DatasetBlock(help_text=gettext_lazy("Celui dont la colonne donne les choix."))
    column = column_block(gettext_lazy("Colonne"), "grouping", required=True)
    columns = column_block(
        gettext_lazy("La même colonne dans les autres jeux"),
        "elsewhere",
        max_length=500,
        help_text=gettext_lazy(
            "Quand d’autres jeux de données de la page l’appellent autrement : le filtre vaut alors pour eux aussi."
        ),
    )
    name = blocks.CharBlock(
        label=gettext_lazy("Mot dans l’adresse"),
        required=False,
        max_length=LONGEST_WORD,
        help_text=gettext_lazy("Vide : fait du nom du filtre, comme dans ?commune=Grigny."),
    )

    class Meta:
        form_layout = blocks.BlockGroup(["label", "dataset", "column", finer("columns", "name")])

    def clean(self, value: Any) -> Any:
        """The column must be one of the dataset's, the word one that addresses may have."""
        cleaned = super().clean(value)
        reader = Reader(current_actor())
        try:
            offer(cleaned, reader)
        except ParvisError as error:
            field = "column" if error.details.get("role") == "column" else "dataset"
            raise StructBlockValidationError(block_errors={field: ValidationError(plain_message(error))}) from error
        if not is_filter_word(word_of(cleaned)):
            text = ValidationError(
                _("Un mot en minuscules sans accent, comme « commune » ; « page » et « q » sont pris.")
            )
            raise StructBlockValidationError(block_errors={"name": text})
        return cleaned


class FiltersBlock(DataBlock):
    """The bar: a form that works without scripts."""

    kind = "filters"

    title = blocks.CharBlock(
        label=gettext_lazy("Titre"),
        required=False,
        max_length=120,
        default=gettext_lazy("Choisir ce que la page montre"),
    )
    filters = blocks.ListBlock(
        OneFilterBlock(label=gettext_lazy("Filtre")), label=gettext_lazy("Filtres"), min_num=1, max_num=MOST_FILTERS
    )

    class Meta:
        label = gettext_lazy("Barre de filtres")
        icon = "sliders"
        group = DATA_GROUP
        description = gettext_lazy(
            "Des choix (commune, année…) qui s’appliquent à tous les blocs de données de la page."
        )

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The values of each column, whatever is chosen."""
        unfiltered = replace(reader, filters=Filters())
        offers, questions = [], []
        for filter_value in value["filters"]:
            try:
                offered, column = offer(filter_value, reader)
                group = f"year(`{column.name}`)" if _is_date(column) else f"`{column.name}`"
                question, _notes = filtered_query(
                    unfiltered,
                    filter_value["dataset"],
                    select=f"count(*) as {COUNT}",
                    group_by=f"{group} as {CHOICE}",
                    order_by=f"{CHOICE} asc",
                    limit=MOST_CHOICES + 1,
                )
            except ParvisError:
                continue  # a filter whose dataset is not for the reader is not offered
            offers.append((offered, column))
            questions.append(question)
        return Plan(tuple(questions), offers)

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Those whose columns give the choices."""
        return [one["dataset"] for one in value["filters"] if one.get("dataset")]

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """A choice for each filter that has at least two values."""
        chosen = {one.word: one.value for one in reader.filters.chosen}
        fields = []
        for (offered, column), (rows, _total) in zip(plan.state, answers, strict=True):
            values = [row[CHOICE] for row in rows if row.get(CHOICE) not in (None, "")][:MOST_CHOICES]
            texts = {**_texts(column, values), **column.labels_of(values)}
            current = chosen.get(offered.word, "")
            options = sorted(
                ((str(one), texts.get(value_text(one), _plain(one)), str(one) == current) for one in values),
                key=lambda option: () if _is_date(column) or column.type.is_number else fold(option[1]),
            )
            if current and not any(selected for _value, _text, selected in options):
                options.insert(0, (current, current, True))
            if len(options) > 1:
                fields.append({"word": offered.word, "label": offered.label, "options": options})
        facts = {"fields": fields, "is_chosen": bool(chosen)}
        return Shown(value.get("title") or "", facts)

    def faults(self, value: Any) -> dict[str, str]:
        """Each filter was checked by itself; two may not have the same word."""
        words = [word_of(one) for one in value["filters"]]
        return (
            {} if len(words) == len(set(words)) else {"filters": _("Deux filtres portent le même mot dans l’adresse.")}
        )


class NoFilterColumn(RequestError):
    """A place on a map is no choice."""

    code = "page-filter"
    sentence = gettext_noop("La colonne « {column} » contient des lieux : elle ne peut pas servir de filtre.")


def offer(value: Any, reader: Reader) -> tuple[Offered, Column]:
    """What a filter offers, and the column that gives its choices; ParvisError when the reader has no such column."""
    dataset, _version, source = opened(reader.actor, value["dataset"])
    name = known_columns(source.shape, dataset.title, [value["column"]], "column")[0]
    column = source.shape.get(name)
    if column is None or column.type.is_geographic:
        raise NoFilterColumn(column=name, role="column")
    names = (name, *split_names(value.get("columns") or ""))
    return Offered(word_of(value), value.get("label") or name, names, column.kind or ""), column


def word_of(value: Any) -> str:
    """The word of a filter in addresses: the one that is written, else one made from its label, whatever the label is."""
    if written := (value.get("name") or "").strip():
        return written
    word = slugify(value.get("label") or "").replace("-", "_")[:LONGEST_WORD].rstrip("_")
    return word if is_filter_word(word) else f"filtre_{word}"[:LONGEST_WORD].rstrip("_")


def offered_by(stream: Any, reader: Reader, words: set[str]) -> list[Offered]:
    """The filters that a page offers and to which an address with these words gives a value."""
    offers = []
    for child in stream:
        if not isinstance(child.block, FiltersBlock):
            continue
        for filter_value in child.value["filters"]:
            if word_of(filter_value) in words:
                try:
                    offers.append(offer(filter_value, reader)[0])
                except ParvisError:
                    continue  # a filter whose dataset is not for the reader filters nothing
    return offers


def _texts(column: Column, values: list[Any]) -> dict[Any, str]:
    """Communes by their name when the column holds their codes."""
    if column.kind != "insee_commune" or not values:
        return {}
    return {code: place.name for code, place in places(column.kind, values, "commune").items()}


def _plain(value: Any) -> str:
    return {True: _("Oui"), False: _("Non")}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _is_date(column: Column) -> bool:
    return column.type in (ColumnType.DATE, ColumnType.DATETIME)
