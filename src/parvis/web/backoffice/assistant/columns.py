"""Each column with its type, examples and misfits; corrections that survive the next import."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.profiling.missing_words import MISSING_WORDS
from parvis.hub.datastore.services import correct_import, examine_import
from parvis.web.backoffice.assistant.notes import TYPES, note_sentence, parser_name, type_name
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER

_ARTICLE = re.compile(r"^(une?|des|an?) ")
SHOWN_MISFITS = 50
POLICIES = [
    ("stop", gettext_lazy("Je corrige : le fichier, ou le type des colonnes ci-dessous")),
    ("text", gettext_lazy("Garder ces colonnes en texte")),
    ("null", gettext_lazy("Effacer ces valeurs, en gardant à part ce qui était écrit")),
]
NOT_OFFERED = {"file", "json_blob", "geo_shape", "geo_point_2d"}
"""Types one does not impose on a column of plain text; they stay when they were detected."""


class PolicyForm(forms.Form):
    """What to do with the values that do not fit."""

    policy = forms.ChoiceField(
        label=gettext_lazy("Que faire de ces valeurs ?"), choices=POLICIES, widget=forms.RadioSelect, required=False
    )


class ColumnForm(forms.Form):
    """One column: label, reading, left out or not. ``reading`` is ``""``, ``parser:<name>`` or ``type:<type>``."""

    label = forms.CharField(
        label=gettext_lazy("Libellé"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reading = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    drop = forms.BooleanField(label=gettext_lazy("Exclure"), required=False)

    def __init__(self, column: dict[str, Any], override: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        initial = {"label": column["label"], "reading": reading_of(override), "drop": bool(override.get("drop"))}
        name = column["name"]
        super().__init__(*args, initial=initial, prefix=name, **kwargs)
        self.column, self.override = column, override
        self.fields["reading"].choices = reading_choices(column, override)
        self.fields["label"].widget.attrs["aria-label"] = _("Libellé de « %s »") % column["label"]
        self.fields["reading"].widget.attrs["aria-label"] = _("Type de « %s »") % column["label"]
        self.fields["drop"].widget.attrs["aria-label"] = _("Exclure « %s »") % column["label"]

    @property
    def reads_missing(self) -> bool:
        """True when words of the column are read as no value, which a person may refuse."""
        return any(note["code"] in MISSING_WORDS for note in self.column.get("notes", []))

    def corrected(self) -> dict[str, Any]:
        """The override this form says; empty when all is left as detected."""
        override = {
            key: value for key, value in self.override.items() if key not in ("label", "type", "parser", "drop")
        }
        values = self.cleaned_data
        label = " ".join(values["label"].split())
        if label and (label != self.column["label"] or "label" in self.override):
            override["label"] = label
        sort, _colon, value = values["reading"].partition(":")
        if sort in ("parser", "type") and value:
            override[sort] = value
        if values["drop"]:
            override["drop"] = True
        return override


def reading_of(override: dict[str, Any]) -> str:
    """The choice that an override made, in the form's words."""
    for sort in ("parser", "type"):
        if override.get(sort):
            return f"{sort}:{override[sort]}"
    return ""


def reading_choices(column: dict[str, Any], override: dict[str, Any]) -> list[tuple[str, str]]:
    """As detected, then the other readings that fit, then every type that may be imposed."""
    imposed = reading_of(override)
    first = _("laisser détecter") if imposed else _("%s (détecté)") % type_name(column["type"])
    choices = [("", first)]
    for parser in column.get("alternatives", []):
        choices.append((f"parser:{parser}", _("Forcer en %s") % _ARTICLE.sub("", parser_name(parser))))
    if not column.get("derived") and column["type"] not in NOT_OFFERED:
        choices += [(f"type:{kind}", str(label)) for kind, label in TYPES.items() if str(kind) not in NOT_OFFERED]
    elif not column.get("derived"):
        choices.append(("type:text", type_name("text")))
    if imposed and imposed not in dict(choices):
        sort, _colon, value = imposed.partition(":")
        choices.append((imposed, parser_name(value) if sort == "parser" else type_name(value)))
    return choices


def read_differently(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the values would come out otherwise, so that the file must be looked at again."""
    keys = ("type", "parser", "drop")
    return any(
        {key: before.get(name, {}).get(key) for key in keys} != {key: after.get(name, {}).get(key) for key in keys}
        for name in {*before, *after}
    )


class ColumnsScreen(ImportScreen):
    """Every column, what does not fit, what was left out."""

    step = "import_columns"
    template_name = "backoffice/assistant/columns.html"

    @property
    def is_open(self) -> bool:
        """Unless work goes on, all is over, or nothing was found yet."""
        return self.imported.state not in BUSY_OR_OVER and bool(self.imported.findings)

    @cached_property
    def misfits(self) -> dict[str, Any]:
        """The report of values that do not fit."""
        return self.imported.findings.get("misfits") or {"total": 0, "counts": [], "examples": []}

    def _rows(self, data: Any = None) -> list[ColumnForm]:
        overrides = self.imported.overrides
        return [
            ColumnForm(column, overrides.get(column["name"], {}), data)
            for column in self.imported.findings.get("columns", [])
        ]

    def _dropped(self) -> list[tuple[str, dict[str, Any]]]:
        return [(name, row) for name, row in self.imported.overrides.items() if row.get("drop")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms and the misfits."""
        rows = kwargs.pop("rows", None) or self._rows()
        columns = [(form, [note_sentence(note) for note in form.column.get("notes", [])]) for form in rows]
        policy = self.imported.policy if self.misfits["total"] else "stop"
        return {
            "columns": columns,
            "misfits": self.misfits,
            "examples": self.misfits["examples"][:SHOWN_MISFITS],
            "policy_form": PolicyForm(initial={"policy": policy}),
            "dropped": self._dropped(),
            "findings": self.imported.findings,
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the corrections; look again when values would come out otherwise, else go on."""
        imported = self.imported
        rows, policy = self._rows(request.POST), PolicyForm(request.POST)
        if not all([policy.is_valid(), *(form.is_valid() for form in rows)]):
            return self.render_to_response(self.get_context_data(rows=rows, policy_form=policy), status=422)
        overrides = self._overrides(rows, request)
        chosen = policy.cleaned_data["policy"] or imported.policy
        differently = read_differently(imported.overrides, overrides)
        correct_import(self.actor, imported, overrides=overrides, policy=chosen)
        if differently or "revoir" in request.POST:
            examine_import(self.actor, imported)
            return redirect(self.here("import_wait") + "?vers=colonnes")
        if self.misfits["total"] and chosen == "stop":
            policy.add_error("policy", _("Choisissez quoi faire de ces valeurs, ou corrigez le type des colonnes."))
            return self.render_to_response(self.get_context_data(rows=rows, policy_form=policy), status=422)
        return redirect(self.here("import_personal" if self.names_persons else "import_card"))

    def _overrides(self, rows: list[ColumnForm], request: HttpRequest) -> dict[str, Any]:
        """The corrections of the shown columns, those about other columns as they were, those brought back without drop."""
        shown = {form.column["name"] for form in rows}
        back = set(request.POST.getlist("reprendre"))
        proposed = dict(part.split("|", 1) for part in request.POST.getlist("proposer") if "|" in part)
        overrides = {}
        for name, row in imported_rest(self.imported.overrides, shown).items():
            remaining = {key: value for key, value in row.items() if not (key == "drop" and name in back)}
            if remaining:
                overrides[name] = remaining
        for form in rows:
            name, override = form.column["name"], form.corrected()
            if proposed.get(name) in form.column.get("alternatives", []):
                override = {key: value for key, value in override.items() if key != "type"} | {"parser": proposed[name]}
            if override:
                overrides[name] = override
        return overrides


def imported_rest(overrides: dict[str, Any], shown: set[str]) -> dict[str, Any]:
    """The corrections about columns that the page does not show."""
    return {name: row for name, row in overrides.items() if name not in shown}
