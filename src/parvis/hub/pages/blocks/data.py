"""What every block that shows data shares: a plan of questions, what it shows once answered, checks when it is saved."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError

from parvis.core.columns import TableShape
from parvis.core.errors import ParvisError, RequestError
from parvis.core.explore.query import bind
from parvis.core.odsql import Names
from parvis.core.translation import gettext_noop
from parvis.hub.drawings.menu_sources import MenuSource
from parvis.hub.drawings.menus import BlockCriteriaMenu, criteria_faults
from parvis.hub.drawings.plain_errors import plain_message
from parvis.hub.drawings.questions import opened
from parvis.hub.pages.block_values import Answers, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.examples import VALUES, example
from parvis.hub.pages.form_actor import current_actor

MOST_NAMED = 12
"""Columns that an error names."""

COLUMN = "data-parvis-column"
"""Attribute of the fields that the back office helps with the columns of the block's dataset."""

POPUP = "data-parvis-popup"
"""Attribute of the text of a map's bubble, in which the back office puts columns chosen in a list."""

DATA_GROUP = gettext_lazy("Données")


def finer(*names: str) -> blocks.BlockGroup:
    """Fields that most blocks do without, folded under one heading until somebody opens it."""
    return blocks.BlockGroup(
        list(names), heading=gettext_lazy("Plus de réglages"), classname="collapsed", icon="cog", label_format=""
    )


class DatasetBlock(choices.OfferedBlock):
    """A dataset, by its title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Jeu de données"), "choices": choices.datasets, **kwargs})


def column_block(label: Any, role: str = "any", **kwargs: Any) -> blocks.CharBlock:
    """A column by its technical name, chosen by its label; ``role`` says which are offered (any, measure, grouping, several)
    or, for ``elsewhere``, several of those of the other datasets of the page."""
    block = blocks.CharBlock(**{"label": label, "required": False, "max_length": 200, **kwargs})
    block.field.widget = forms.TextInput(attrs={COLUMN: role, "autocomplete": "off"})
    return block


def condition_block(help_text: Any = "") -> blocks.CharBlock:
    """The rows that are kept: conditions chosen in menus, stored in ODSQL."""
    block = blocks.CharBlock(
        label=gettext_lazy("Seulement les lignes où"), required=False, max_length=2000, help_text=help_text
    )
    block.field.widget = BlockCriteriaMenu(lambda: MenuSource(current_actor()))
    return block


class DataBlock(blocks.StructBlock):
    """A block that asks datasets. Its kind says how: ``plan`` before anything is computed, ``shown`` with the answers."""

    kind: ClassVar[str] = ""
    """Its name in the body, and that of its template."""
    shown_alone: ClassVar[Callable[..., SafeString]]
    """How a block is shown outside a page: given by ``rendering``, which knows every block."""
    has_picture: ClassVar[bool] = False
    """Whether it draws a picture of its own; the others have one made of words."""

    def plan(self, value: Any, reader: Reader) -> Plan:
        """What it asks, for that reader; ParvisError when it cannot be shown to them."""
        raise NotImplementedError

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """What it shows once answered; ParvisError when the answers cannot be shown."""
        raise NotImplementedError

    def picture(self, shown: Shown, form: str, **how: Any) -> bytes | None:
        """Its picture alone, ``svg`` or ``png``; None for the picture made of its words."""
        return None

    def on_paper(self, shown: Shown) -> bytes | None:
        """Its picture as SVG among the words of a sheet."""
        return self.picture(shown, "svg", titled=False)

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """What changes when what it shows changes, beyond datasets and the page itself; None when nothing tells."""
        return ""

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Identifiers of the datasets it shows, when of the catalogue it rests on them alone; None for the whole catalogue."""
        return [value["dataset"]] if value.get("dataset") else None

    def get_preview_value(self) -> Any:
        """Itself on a dataset of the portal, where an editor chooses a block; empty when the portal has none that will do."""
        sample, value = example(), VALUES.get(self.kind)
        return self.to_python(value(sample)) if sample and value else self.get_default()

    def render(self, value: Any, context: Any = None) -> Any:
        """The block by itself, outside a page: where an editor chooses one."""
        return self.shown_alone(self, value, (context or {}).get("request"))

    def clean(self, value: Any) -> Any:
        """The value, its dataset and its columns checked for who writes."""
        cleaned = super().clean(value)
        faults = self.faults(cleaned)
        if faults:
            raise StructBlockValidationError(
                block_errors={name: ValidationError(text) for name, text in faults.items()}
            )
        return cleaned

    def faults(self, value: Any) -> dict[str, str]:
        """A sentence for each field that will not do, by its name; none when the block can be drawn."""
        reader = self.writer()
        try:
            if value.get("where") and value.get("dataset") and not (value.get("chart") or value.get("map")):
                faults = criteria_faults([value["where"]], readable(value["dataset"]))
                if faults:
                    return {"where": " ".join(faults)}
            for query in self.plan(value, reader).questions:
                bind(Names(query.source.shape), query.question, 1, 0)
        except ParvisError as error:
            name, text = self.fault_of(error, value)
            return {name: text}
        return {}

    def writer(self) -> Reader:
        """Who writes, as a reader."""
        return Reader(current_actor(), get_language() or "fr")

    def fault_of(self, error: ParvisError, value: Any) -> tuple[str, str]:
        """The field that an error is about, and the sentence."""
        role = str(error.details.get("role") or ("where" if error.code.startswith("odsql") else ""))
        return (role if role in self.child_blocks else self.first_field), plain_message(error)

    @property
    def first_field(self) -> str:
        """Where errors about no field in particular are shown."""
        return "dataset" if "dataset" in self.child_blocks else next(iter(self.child_blocks))


class UnknownColumn(RequestError):
    """A column that the dataset has not; ``near`` is the nearest, ``fit`` those that would do, ``role`` the field."""

    code: ClassVar[str] = "page-column"
    sentence: ClassVar[str] = gettext_noop("« {dataset} » n’a pas de colonne « {column} ».{near}")
    advice: ClassVar[str] = gettext_noop("Colonnes : {fit}.")


def known_columns(shape: TableShape, dataset: str, names: Iterable[str], role: str) -> list[str]:
    """The technical names of columns given by name or by label; UnknownColumn for one that is neither."""
    by_label = {column.label.casefold(): column.name for column in shape}
    technical_names = []
    for name in names:
        technical_name = name if shape.get(name) else by_label.get(name.casefold())
        if technical_name is None:
            raise _unknown(shape, dataset, name, role)
        technical_names.append(technical_name)
    return technical_names


def _unknown(shape: TableShape, dataset: str, name: str, role: str) -> UnknownColumn:
    near = difflib.get_close_matches(name.lower(), shape.names, n=1, cutoff=0.6)
    sentence = _(" Voulez-vous dire « %s » ?") % near[0] if near else ""
    labels = [column.label for column in shape]
    fit = ", ".join(labels[:MOST_NAMED]) + ("…" if len(labels) > MOST_NAMED else "")
    return UnknownColumn(dataset=dataset, column=name, near=sentence, fit=fit, role=role)


def split_names(text: str) -> list[str]:
    """Names separated by commas or line ends."""
    return [name for part in text.replace("\n", ",").split(",") if (name := part.strip())]


def readable(dataset_id: str) -> TableShape:
    """The columns of a dataset for who writes; ParvisError when it is not for them."""
    return opened(current_actor(), dataset_id)[2].shape
