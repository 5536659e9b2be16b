"""The form of one step, made of the row that describes it: menus where there is a choice, a line each where there are several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from parvis.core.transforms.preparation.model import COMMENT, Choice, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.rows import TESTS
from parvis.core.transforms.preparation.shapes import FUNCTIONS

ROWS = 3
"""Conditions or calculations that an empty form has room for."""
_SEVERAL = frozenset({Kind.NEWS, Kind.TEXTS})
_PAIRS = frozenset({Kind.NAMES, Kind.VALUES})
_BARE_TESTS = frozenset({"empty", "filled", "number", "date"})
_LISTED_TESTS = frozenset({"in", "not-in"})


@dataclass(frozen=True, slots=True)
class Around:
    """What choices are made among: the columns that the table has before the step, the datasets that may be read."""

    headers: Sequence[str] = ()
    datasets: Sequence[tuple[str, str]] = field(default_factory=tuple)


class StepForm(forms.Form):
    """The parameters of one step; ``parameters`` gives them as recipes have them."""

    comment = forms.CharField(required=False, max_length=500, strip=True)

    def __init__(
        self, row: Preparation, around: Around, *args: Any, step: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.around = row, around
        comment = self.fields.pop(COMMENT)
        values = dict(step or {})
        for parameter in row.parameters:
            value = values.get(parameter.name, parameter.default)
            if parameter.kind in (Kind.CONDITIONS, Kind.AGGREGATES):
                self._rows(parameter, value if isinstance(value, list) else [value] if value else [])
            else:
                self.fields[parameter.name] = _FIELDS.get(parameter.kind, _text)(parameter, around, value)
        comment.label, comment.initial = _("Pourquoi cette étape (facultatif)"), values.get(COMMENT, "")
        self.fields[COMMENT] = comment

    def _rows(self, parameter: Parameter, items: Sequence[Mapping[str, Any]]) -> None:
        columns = [("", "—"), *((header, header) for header in self.around.headers)]
        for rank in range(max(ROWS, len(items) + 1)):
            item = items[rank] if rank < len(items) else {}
            name, number = f"{parameter.name}-{rank}", rank + 1
            if parameter.kind is Kind.CONDITIONS:
                value = item.get("value", "")
                value = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
                self.fields[f"{name}-column"] = _select(
                    _("Condition %s : colonne") % number, columns, item.get("column", "")
                )
                self.fields[f"{name}-is"] = _select(
                    _("Condition %s : test") % number, _labels(TESTS), item.get("is", "is")
                )
                self.fields[f"{name}-value"] = forms.CharField(
                    label=_("Condition %s : valeur (une par ligne pour « l’un de »)") % number, required=False, initial=value,
                    strip=False, widget=forms.Textarea({"rows": 1}),
                )  # fmt: skip
            else:
                functions = [("rows", _("nombre de lignes")), *_labels(FUNCTIONS)]
                self.fields[f"{name}-to"] = forms.CharField(
                    label=_("Calcul %s : nouvelle colonne") % number, required=False, initial=item.get("to", "")
                )
                self.fields[f"{name}-do"] = _select(_("Calcul %s : calcul") % number, functions, item.get("do", "rows"))
                self.fields[f"{name}-column"] = _select(
                    _("Calcul %s : sur la colonne") % number, columns, item.get("column", "")
                )

    def parameters(self) -> dict[str, Any]:
        """The parameters that differ from their defaults, as a recipe has them."""
        parameters: dict[str, Any] = {}
        for parameter in self.row.parameters:
            value = self._value(parameter)
            if value not in (None, "", [], {}) and (parameter.required or value != parameter.default):
                parameters[parameter.name] = value
        if self.cleaned_data.get(COMMENT):
            parameters[COMMENT] = self.cleaned_data[COMMENT]
        return parameters

    def _value(self, parameter: Parameter) -> Any:
        if parameter.kind is Kind.CONDITIONS:
            return [
                item for rank in range(self._count(parameter)) if (item := self._condition(f"{parameter.name}-{rank}"))
            ]
        if parameter.kind is Kind.AGGREGATES:
            return [
                item
                for rank in range(self._count(parameter))
                if (item := self._calculation(f"{parameter.name}-{rank}"))
            ]
        value = self.cleaned_data.get(parameter.name)
        if parameter.kind in _SEVERAL:
            return [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return (
            dict(_pair(line) for line in str(value or "").splitlines() if line.strip())
            if parameter.kind in _PAIRS
            else value
        )

    def _count(self, parameter: Parameter) -> int:
        return sum(name.startswith(f"{parameter.name}-") and name.endswith("-column") for name in self.fields)

    def _condition(self, name: str) -> dict[str, Any]:
        column, test, value = (self.cleaned_data.get(f"{name}-{part}", "") for part in ("column", "is", "value"))
        if not column:
            return {}
        if test in _BARE_TESTS:
            return {"column": column, "is": test}
        lines = [line.strip() for line in str(value).splitlines() if line.strip()]
        return {"column": column, "is": test, "value": lines if test in _LISTED_TESTS else str(value).strip("\r\n")}

    def _calculation(self, name: str) -> dict[str, Any]:
        to, do, column = (self.cleaned_data.get(f"{name}-{part}", "") for part in ("to", "do", "column"))
        if not to:
            return {}
        return {"to": to, "do": do} | ({"column": column} if column and do != "rows" else {})


def _pair(line: str) -> tuple[str, str]:
    """« ancien = nouveau »; a line without a sign is replaced by nothing."""
    left, _sign, right = line.partition(" = ") if " = " in line else line.partition("=")
    return left.strip(), right.strip()


def _labels(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(choice.value, _(choice.label)) for choice in choices]


def _select(
    label: str, choices: Sequence[tuple[str, str]], initial: str, *, required: bool = False
) -> forms.ChoiceField:
    """A menu; what was chosen before stays in it when it is no longer offered."""
    known_values = [value for value, _label in choices]
    more = [(initial, initial)] if initial and initial not in known_values else []
    return forms.ChoiceField(label=label, choices=[*choices, *more], initial=initial, required=required)


def _column(parameter: Parameter, around: Around, value: Any) -> forms.Field:
    choices = [("", "—"), *((header, header) for header in around.headers)]
    return _select(_(parameter.label), choices, str(value or ""), required=parameter.required)


def _columns(parameter: Parameter, around: Around, value: Any) -> forms.Field:
    chosen = [str(item) for item in ([value] if isinstance(value, str) else value or [])]
    headers = [*around.headers, *(item for item in chosen if item not in around.headers)]
    return forms.MultipleChoiceField(
        label=_(parameter.label), choices=[(header, header) for header in headers], initial=chosen,
        required=parameter.required, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


def _dataset(parameter: Parameter, around: Around, value: Any) -> forms.Field:
    return _select(_(parameter.label), [("", "—"), *around.datasets], str(value or ""), required=parameter.required)


def _choice(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return _select(_(parameter.label), _labels(parameter.choices), str(value or ""), required=parameter.required)


def _boolean(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return forms.BooleanField(label=_(parameter.label), required=False, initial=bool(value))


def _integer(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return forms.IntegerField(
        label=_(parameter.label),
        required=parameter.required,
        initial=value,
        min_value=parameter.low,
        max_value=parameter.high,
    )


def _number(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return forms.FloatField(
        label=_(parameter.label), required=parameter.required, initial=value, min_value=parameter.low, max_value=parameter.high,
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip


def _text(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return forms.CharField(label=_(parameter.label), required=parameter.required, initial=value, strip=False)


def _long_text(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    return forms.CharField(
        label=_(parameter.label), required=parameter.required, initial=value, widget=forms.Textarea({"rows": 4})
    )


def _lines(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    listed = [value] if isinstance(value, str) else value or []
    return forms.CharField(
        label=_(parameter.label), required=parameter.required, initial="\n".join(map(str, listed)),
        help_text=_("Un par ligne."), widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


def _pair_lines(parameter: Parameter, _around: Around, value: Any) -> forms.Field:
    pairs = value.items() if isinstance(value, Mapping) else ()
    return forms.CharField(
        label=_(parameter.label), required=parameter.required, initial="\n".join(f"{left} = {right}" for left, right in pairs),
        help_text=_("Une paire par ligne, séparée par le signe =."), widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip


_FIELDS: Mapping[Kind, Callable[[Parameter, Around, Any], forms.Field]] = {
    Kind.COLUMN: _column,
    Kind.COLUMNS: _columns,
    Kind.DATASET: _dataset,
    Kind.CHOICE: _choice,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.SQL: _long_text,
    Kind.QUERY: _long_text,
    Kind.NEWS: _lines,
    Kind.TEXTS: _lines,
    Kind.NAMES: _pair_lines,
    Kind.VALUES: _pair_lines,
}
"""The input of each kind of parameter; a line of text for the others."""
