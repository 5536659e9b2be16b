"""Reading an XLSForm that somebody sends, by ``pyxform``: in a confined child only. What is not understood is told, never left out in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parvis.core.surveys.checking import NAME, RESERVED, name_of
from parvis.core.surveys.conditions import BadCondition, parse
from parvis.core.surveys.model import LONGEST_HINT, LONGEST_LABEL, Choice, Field, Form, Kind, Section
from parvis.core.surveys.xlsform.constraints import Limits, limits_of
from parvis.core.surveys.xlsform.library import UnreadableForm, document_of
from parvis.core.surveys.xlsform.notices import (
    CONDITION,
    CONSTRAINT,
    CUT,
    ELSEWHERE,
    FORM_SETTING,
    IGNORED,
    INNER,
    LANGUAGE,
    LEFT_OUT,
    NESTED,
    OTHERWISE,
    QUOTES,
    RENAMED,
    REQUIRED,
)
from parvis.core.surveys.xlsform.vocabulary import (
    CONTROLS,
    FALSE,
    KINDS,
    META,
    NO_TITLE,
    SETTINGS,
    TRUE,
    UNDERSTOOD,
    WRITTEN,
)
from parvis.core.surveys.xlsform.writing import YES_NO_CHOICES
from parvis.core.text import seen_text, slugify
from parvis.core.translation import SOURCE, Sentence

LARGEST = 5_000_000
SECONDS = 60.0
MOST_NOTICES = 200
_GROUPS = ("group", "repeat")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
"""``pyxform`` makes straight those that were not: French has the other one inside words."""
_YES_NO = {replace(choice, label=choice.label.lower()) for choice in YES_NO_CHOICES}
_REFERENCE = re.compile(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")
_SIBLING = re.compile(r"\.\./([A-Za-z_][\w.-]*)")
"""How the library writes the question beside, in the condition of « or_other »."""


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What a file holds: its title, the form as ``model.form_from_json`` reads it, and what was not understood, as ``Sentence`` in JSON."""

    title: str
    form: dict[str, Any]
    notices: list[dict[str, Any]]


def read_xlsform(path: Path, name: str) -> ReadForm:
    """The form of a spreadsheet (.xlsx, .xls) called ``name``; UnreadableForm, and what a workbook that would harm its reader is refused with.

    To be called in a confined child.
    """
    if path.stat().st_size > LARGEST:
        raise UnreadableForm(file=name, reason=f"> {LARGEST // 1_000_000} Mo")
    document = document_of(path, name)
    form, notices = _Reader(document).form()
    return ReadForm(
        title="" if document.get("title") == NO_TITLE else seen_text(str(document.get("title") or "")),
        form=form.as_json(),
        notices=[notice.to_json() for notice in notices[:MOST_NOTICES]],
    )


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.notices: list[Sentence] = []
        self.names: dict[str, str] = {}
        self.counts = {
            str((row.get("control") or {}).get("jr:count", ""))[2:-1] for row in _every(document.get("children", ()))
        }
        self.language = self._language()

    def form(self) -> tuple[Form, list[Sentence]]:
        every = self.document.get("children", ())
        rows = [row for row in every if row.get("name") != "meta"]
        self._name_columns(rows)
        sections: list[Section] = []
        loose: list[Field] = []
        for row in rows:
            if row.get("type") == "group":
                if loose:
                    sections.append(Section(fields=tuple(loose)))
                    loose = []
                sections.append(self._section(row))
            else:
                loose += self._fields(row, in_group=False)
        if loose:
            sections.append(Section(fields=tuple(loose)))
        self._tell_settings(row for row in every if row.get("name") == "meta")
        return Form(tuple(section for section in sections if section.fields)), self.notices

    def tell(self, message: str, row: Mapping[str, Any], **facts: str) -> None:
        cut = {name: seen_text(value)[:300] for name, value in facts.items()}
        self.notices.append(Sentence(message, {"name": str(row.get("name", ""))[:100], **cut}))

    def _tell_settings(self, metas: Iterable[Mapping[str, Any]]) -> None:
        for column in self.document:
            if column not in SETTINGS:
                self.notices.append(Sentence(FORM_SETTING, {"column": str(column)[:100]}))
        for child in (child for meta in metas for child in meta.get("children", ())):
            if child.get("name") not in META:
                self.tell(LEFT_OUT, child, type=str(child.get("type")))

    def _language(self) -> str:
        languages = list(dict.fromkeys(_languages(self.document)))
        if not languages:
            return ""
        default = str(self.document.get("default_language", ""))
        own = next((one for one in languages if f"({SOURCE})" in one.lower() or one.lower().startswith(SOURCE)), "")
        language = own or (default if default in languages else languages[0])
        if len(languages) > 1:
            self.notices.append(Sentence(LANGUAGE, {"chosen": language}))
        return language

    def _name_columns(self, rows: list[Any]) -> None:
        """Names that columns may have: small letters, digits, « _ »."""
        taken: set[str] = set()
        every = list(_every(rows))
        for row in every:
            name = str(row["name"])
            if NAME.fullmatch(name) and name not in RESERVED and name not in taken:
                self.names[name] = name
                taken.add(name)
        for row in every:
            name = str(row["name"])
            if name not in self.names:
                column = name_of(slugify(name, "_"), taken.__contains__)
                self.names[name] = column
                taken.add(column)
                if row.get("type") not in _GROUPS or row.get("type") == "repeat":
                    self.tell(RENAMED, row, column=column)

    def _section(self, row: Mapping[str, Any]) -> Section:
        fields: list[Field] = []
        hints: list[str] = []
        for child in row.get("children", ()):
            if child.get("type") == "note" and _appearance(child) == "section-hint":
                hints.append(self._text(child.get("label"), LONGEST_HINT, child))
            else:
                fields += self._fields(child, in_group=False)
        self._tell_ignored(row, ("appearance",))
        title = self._text(row.get("label"), LONGEST_LABEL, row)
        return Section(title, "\n".join(hints), self._condition(row), tuple(fields))

    def _fields(self, row: Mapping[str, Any], *, in_group: bool) -> list[Field]:
        """The question of a row, those of a group that is in another, or none."""
        kind = str(row.get("type"))
        if kind == "group":
            self.tell(INNER, row)
            condition = self._condition(row)
            fields = [field for child in row.get("children", ()) for field in self._fields(child, in_group=in_group)]
            return [replace(field, condition=_both(condition, field.condition)) for field in fields]
        if kind == "repeat":
            if in_group:
                self.tell(NESTED, row)
                return []
            return self._repeat(row)
        if kind == "calculate" and row.get("name") in self.counts:
            return []  # the library makes it of « repeat_count », which is told
        if kind not in KINDS:
            self.tell(LEFT_OUT, row, type=kind)
            return []
        return [self._question(row, kind)]

    def _repeat(self, row: Mapping[str, Any]) -> list[Field]:
        fields = [field for child in row.get("children", ()) for field in self._fields(child, in_group=True)]
        self._tell_ignored(row, ("appearance", "jr:count"))
        name = self.names[str(row["name"])]
        label = self._text(row.get("label"), LONGEST_LABEL, row) or name.replace("_", " ")
        return [Field(name, label, Kind.REPEAT, condition=self._condition(row), fields=tuple(fields))] if fields else []

    def _question(self, row: Mapping[str, Any], xls_type: str) -> Field:
        kind, choices = KINDS[xls_type], self._choices(row)
        if kind is Kind.ONE and {replace(choice, label=choice.label.lower()) for choice in choices} == _YES_NO:
            kind, choices = Kind.YES_NO, ()
        if kind is Kind.TEXT and "multiline" in _appearance(row):
            kind = Kind.LONG_TEXT
        if xls_type in ("range", "acknowledge", "trigger", "datetime", "dateTime", "today"):
            self.tell(OTHERWISE, row, type=xls_type)
        if kind.has_choices and not choices:
            self.tell(ELSEWHERE, row, list=str(row.get("itemset", "")))
            kind = Kind.TEXT
        bind = row.get("bind") or {}
        limits = self._limits(row, kind, str(bind.get("constraint", "")))
        self._tell_ignored(row, () if "multiline" in _appearance(row) else ("appearance",))
        name = self.names[str(row["name"])]
        required = str(bind.get("required", "")).strip()
        is_required = required.lower() in TRUE
        if not is_required and required.lower() not in FALSE:
            self.tell(REQUIRED, row, text=required)
        return Field(
            name=name,
            label=self._text(row.get("label"), LONGEST_LABEL, row) or name.replace("_", " "),
            kind=kind,
            hint=self._text(row.get("hint"), LONGEST_HINT, row),
            required=is_required and kind is not Kind.NOTE,
            minimum=limits.minimum,
            maximum=limits.maximum,
            pattern=limits.pattern,
            condition=self._condition(row),
            choices=choices,
        )

    def _limits(self, row: Mapping[str, Any], kind: Kind, constraint: str) -> Limits:
        parameters = row.get("parameters") or {}
        if row.get("type") == "range" and isinstance(parameters, Mapping):
            return Limits(str(parameters.get("start", "")), str(parameters.get("end", "")))
        limits = limits_of(kind, constraint)
        if limits is None:
            self.tell(CONSTRAINT, row, text=constraint)
        return limits or Limits()

    def _choices(self, row: Mapping[str, Any]) -> tuple[Choice, ...]:
        choices = []
        for item in row.get("choices") or ():
            value = str(item.get("name", ""))
            label = self._text(item.get("label"), 300, item) or value
            choices.append(Choice(value, "Autre" if (value, label) == ("other", "Other") else label))
        if any("media" in item for item in row.get("choices") or ()):
            self.tell(IGNORED, row, column="choices: media")
        return tuple(choices)

    def _condition(self, row: Mapping[str, Any]) -> str:
        text = str((row.get("bind") or {}).get("relevant", "")).strip()
        if not text:
            return ""
        text = _SIBLING.sub(r"${\1}", text)
        renamed = _REFERENCE.sub(lambda match: f"${{{self.names.get(match[1], match[1])}}}", text)
        try:
            parse(renamed)
        except BadCondition:
            self.tell(CONDITION, row, text=text)
            return ""
        return renamed

    def _tell_ignored(self, row: Mapping[str, Any], of_control: tuple[str, ...]) -> None:
        bind, control = row.get("bind") or {}, row.get("control") or {}
        columns = [name for name in row if name not in UNDERSTOOD]
        columns += [name for name in bind if name not in ("required", "relevant", "constraint")]
        columns += [name for name in control if name in of_control or name not in CONTROLS]
        for column in columns:
            name = str(column).removeprefix("jr:")
            self.tell(IGNORED, row, column=WRITTEN.get(name, name))

    def _text(self, label: Any, most: int, row: Mapping[str, Any]) -> str:
        """A label in our language, without what is not seen; told when it is cut."""
        if isinstance(label, Mapping):
            label = label.get(self.language) or next(iter(label.values()), "")
        text = "\n".join(seen_text(line) for line in str(label or "").split("\n")).strip()
        text = _APOSTROPHE.sub("’", text)
        if text == "Specify other." and str(row.get("name", "")).endswith("_other"):
            text = "Précisez"
        if _REFERENCE.search(text):
            self.tell(QUOTES, row)
        if len(text) > most:
            self.tell(CUT, row)
        return text[:most]


def _every(rows: list[Any]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield row
        yield from _every(list(row.get("children", ())))


def _languages(item: Any) -> Iterator[str]:
    if isinstance(item, Mapping):
        for name, value in item.items():
            if name in ("label", "hint") and isinstance(value, Mapping):
                yield from map(str, value)
            else:
                yield from _languages(value)
    elif isinstance(item, list):
        for value in item:
            yield from _languages(value)


def _appearance(row: Mapping[str, Any]) -> str:
    return str((row.get("control") or {}).get("appearance", ""))


def _both(first: str, second: str) -> str:
    return f"({first}) and ({second})" if first and second else first or second
