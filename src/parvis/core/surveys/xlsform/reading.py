"""Reading an XLSForm that somebody sends, by ``pyxform``: in a confined child only. What is not understood is told, never left out in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from parvis.core.errors import DataError
from parvis.core.formats.limits import MIB
from parvis.core.formats.limits import Limits as FileLimits
from parvis.core.formats.refusals import ArchiveBomb, TooManyCells, XmlEntities
from parvis.core.formats.workbooks import check_workbook
from parvis.core.formats.xls_bounds import SIGNATURE as XLS
from parvis.core.surveys.checking import NAME, RESERVED, name_of
from parvis.core.surveys.conditions import BadCondition, parse
from parvis.core.surveys.model import LONGEST_HINT, LONGEST_LABEL, Choice, Field, Form, Kind, Section
from parvis.core.surveys.xlsform.constraints import Limits, limits_of
from parvis.core.surveys.xlsform.writing import YES_NO_CHOICES
from parvis.core.text import seen_text, slugify
from parvis.core.translation import SOURCE, Sentence, gettext_noop

LARGEST = 5_000_000
UNPACKED = FileLimits(max_sheet_bytes=32 * MIB, max_cells=1_000_000)
"""Ten times a form of ten thousand choices: the library reads each cell in Python, 900,000 of them in 20 s."""
SECONDS = 60.0
MOST_NOTICES = 200
KINDS = {
    "text": Kind.TEXT,
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "today": Kind.DATE,
    "time": Kind.TIME,
    "datetime": Kind.DATE,
    "dateTime": Kind.DATE,
    "select one": Kind.ONE,
    "select all that apply": Kind.SEVERAL,
    "geopoint": Kind.POINT,
    "geotrace": Kind.LINE,
    "geoshape": Kind.AREA,
    "photo": Kind.PHOTO,
    "image": Kind.PHOTO,
    "note": Kind.NOTE,
    "range": Kind.DECIMAL,
    "acknowledge": Kind.YES_NO,
    "trigger": Kind.YES_NO,
}
_GROUPS = ("group", "repeat")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
"""``pyxform`` makes straight those that were not: French has the other one inside words."""
_REFERENCE = re.compile(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")
_UNDERSTOOD = {
    "name",
    "type",
    "label",
    "hint",
    "bind",
    "choices",
    "children",
    "control",
    "itemset",
    "list_name",
    "parameters",
    "query",
}
_TRUE = {"yes", "true", "true()", "1", "oui", "vrai"}

_LEFT_OUT = gettext_noop(
    "« {name} » est du type « {type} », que les formulaires n’ont pas : la question est laissée de côté."
)
_OTHERWISE = gettext_noop("« {name} » est du type « {type} » : la question est reprise sous une autre forme.")
_CONDITION = gettext_noop("La condition de « {name} » n’est pas comprise, la question est toujours posée : {text}")
_CONSTRAINT = gettext_noop("La contrainte de « {name} » n’est pas reprise : {text}")
_IGNORED = gettext_noop("« {name} » : ce qui est dit en « {column} » n’est pas repris.")
_NESTED = gettext_noop("« {name} » est un groupe répété dans un autre : il est laissé de côté.")
_INNER = gettext_noop("« {name} » est un groupe dans un groupe : ses questions sont reprises dans celui qui l’entoure.")
_RENAMED = gettext_noop("« {name} » devient la colonne « {column} ».")
_LANGUAGE = gettext_noop("Le formulaire est en plusieurs langues : seule « {chosen} » est reprise.")
_CUT = gettext_noop("Le texte de « {name} » est trop long : il est coupé.")


class UnreadableForm(DataError):
    """The file is no XLSForm."""

    code: ClassVar[str] = "survey-xlsform"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne peut pas être lu comme un XLSForm : {reason}")
    advice: ClassVar[str] = gettext_noop(
        "Le fichier .xlsx doit avoir une feuille « survey », et une feuille « choices » s’il a des listes."
    )


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
    document = _document(path, name)
    form, notices = _Reader(document).form()
    return ReadForm(
        title=seen_text(str(document.get("title") or "")),
        form=form.as_json(),
        notices=[notice.to_json() for notice in notices[:MOST_NOTICES]],
    )


def _document(path: Path, name: str) -> dict[str, Any]:
    """The file as ``pyxform`` reads it: the child alone loads that library, and those that read spreadsheets behind it."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - see above
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415

    content = path.read_bytes()
    suffix = ".xls" if content.startswith(XLS) else ".xlsx"
    try:
        check_workbook(path, suffix[1:], name, UNPACKED)
        book = get_xlsform(content, file_type=suffix)
        document: dict[str, Any] = workbook_to_json(book, form_name="data", warnings=[])
    except PyXFormError as error:
        raise UnreadableForm(file=name, reason=seen_text(str(error))[:500]) from error
    except (ArchiveBomb, TooManyCells, XmlEntities):
        raise
    except Exception as error:  # openpyxl and xlrd fail in their own ways on what is no spreadsheet
        raise UnreadableForm(file=name, reason=type(error).__name__) from error
    return document


class _Reader:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.notices: list[Sentence] = []
        self.names: dict[str, str] = {}
        self.language = self._language()

    def form(self) -> tuple[Form, list[Sentence]]:
        rows = [row for row in self.document.get("children", ()) if row.get("name") != "meta"]
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
        return Form(tuple(section for section in sections if section.fields)), self.notices

    def tell(self, message: str, row: Mapping[str, Any], **facts: str) -> None:
        cut = {name: seen_text(value)[:300] for name, value in facts.items()}
        self.notices.append(Sentence(message, {"name": str(row.get("name", ""))[:100], **cut}))

    def _language(self) -> str:
        languages = list(dict.fromkeys(_languages(self.document)))
        if not languages:
            return ""
        default = str(self.document.get("default_language", ""))
        own = next((one for one in languages if f"({SOURCE})" in one.lower() or one.lower().startswith(SOURCE)), "")
        language = own or (default if default in languages else languages[0])
        if len(languages) > 1:
            self.notices.append(Sentence(_LANGUAGE, {"chosen": language}))
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
                    self.tell(_RENAMED, row, column=column)

    def _section(self, row: Mapping[str, Any]) -> Section:
        fields: list[Field] = []
        hints: list[str] = []
        for child in row.get("children", ()):
            if child.get("type") == "note" and _appearance(child) == "section-hint":
                hints.append(self._text(child.get("label"), LONGEST_HINT, child))
            else:
                fields += self._fields(child, in_group=False)
        title = self._text(row.get("label"), LONGEST_LABEL, row)
        return Section(title, "\n".join(hints), self._condition(row), tuple(fields))

    def _fields(self, row: Mapping[str, Any], *, in_group: bool) -> list[Field]:
        """The question of a row, those of a group that is in another, or none."""
        kind = str(row.get("type"))
        if kind == "group":
            self.tell(_INNER, row)
            condition = self._condition(row)
            fields = [field for child in row.get("children", ()) for field in self._fields(child, in_group=in_group)]
            return [replace(field, condition=_both(condition, field.condition)) for field in fields]
        if kind == "repeat":
            if in_group:
                self.tell(_NESTED, row)
                return []
            return self._repeat(row)
        if kind not in KINDS:
            self.tell(_LEFT_OUT, row, type=kind)
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
        if kind is Kind.ONE and {choice.value for choice in choices} == {choice.value for choice in YES_NO_CHOICES}:
            kind, choices = Kind.YES_NO, ()
        if kind is Kind.TEXT and "multiline" in _appearance(row):
            kind = Kind.LONG_TEXT
        if xls_type in ("range", "acknowledge", "trigger", "datetime", "dateTime", "today"):
            self.tell(_OTHERWISE, row, type=xls_type)
        if kind.has_choices and not choices:
            self.tell(_LEFT_OUT, row, type=f"{xls_type} ({row.get('itemset', '')})")
            kind = Kind.TEXT
        bind = row.get("bind") or {}
        limits = self._limits(row, kind, str(bind.get("constraint", "")))
        self._tell_ignored(row, () if "multiline" in _appearance(row) else ("appearance",))
        name = self.names[str(row["name"])]
        is_required = str(bind.get("required", "")).lower() in _TRUE
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
            self.tell(_CONSTRAINT, row, text=constraint)
        return limits or Limits()

    def _choices(self, row: Mapping[str, Any]) -> tuple[Choice, ...]:
        choices = []
        for item in row.get("choices") or ():
            value = str(item.get("name", ""))
            choices.append(Choice(value, self._text(item.get("label"), 300, item) or value))
        return tuple(choices)

    def _condition(self, row: Mapping[str, Any]) -> str:
        text = str((row.get("bind") or {}).get("relevant", "")).strip()
        if not text:
            return ""
        renamed = _REFERENCE.sub(lambda match: f"${{{self.names.get(match[1], match[1])}}}", text)
        try:
            parse(renamed)
        except BadCondition:
            self.tell(_CONDITION, row, text=text)
            return ""
        return renamed

    def _tell_ignored(self, row: Mapping[str, Any], of_control: tuple[str, ...]) -> None:
        bind, control = row.get("bind") or {}, row.get("control") or {}
        columns = [name for name in row if name not in _UNDERSTOOD]
        columns += [name for name in bind if name not in ("required", "relevant", "constraint")]
        columns += [name for name in of_control if control.get(name)]
        for column in columns:
            self.tell(_IGNORED, row, column=str(column).removeprefix("jr:"))

    def _text(self, label: Any, most: int, row: Mapping[str, Any]) -> str:
        """A label in our language, without what is not seen; told when it is cut."""
        if isinstance(label, Mapping):
            label = label.get(self.language) or next(iter(label.values()), "")
        text = "\n".join(seen_text(line) for line in str(label or "").split("\n")).strip()
        text = _APOSTROPHE.sub("’", text)
        if len(text) > most:
            self.tell(_CUT, row)
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
