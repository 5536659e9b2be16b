"""How the file was read, its first rows, and what to change about it without uploading again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.formats.options import is_pattern
from parvis.core.formats.refusals import SeveralTables
from parvis.core.translation import Sentence
from parvis.hub.backoffice.screens import WithForm
from parvis.hub.datastore.selectors import ImportState
from parvis.hub.datastore.services import correct_import, examine_import
from parvis.web.backoffice.assistant.notes import note_sentence
from parvis.web.backoffice.assistant.pages import ImportScreen
from parvis.web.backoffice.assistant.rules import BUSY_OR_OVER
from parvis.web.backoffice.assistant.schema import deserves_a_step

LONGEST_EXAMPLE = 80
AUTOMATIC = ("", gettext_lazy("laisser trouver"))
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("iso-8859-1", "ISO 8859-1 (Latin-1)"),
    ("iso-8859-15", "ISO 8859-15 (Latin-9)"),
    ("utf-16", "UTF-16"),
    ("mac_roman", "Mac Roman"),
    ("cp850", "DOS (850)"),
]
DELIMITERS = [
    (";", gettext_lazy("point-virgule")),
    (",", gettext_lazy("virgule")),
    ("\t", gettext_lazy("tabulation")),
    ("|", gettext_lazy("barre verticale")),
]
MULTILINE = [
    ("True", gettext_lazy("des cellules entre guillemets tiennent sur plusieurs lignes")),
    ("False", gettext_lazy("chaque ligne du fichier est une ligne du tableau")),
]
FORMATS = [
    ("csv", "CSV"),
    ("xlsx", "Excel (xlsx)"),
    ("xls", "Excel 97 (xls)"),
    ("ods", "OpenDocument (ods)"),
    ("json", "JSON"),
    ("jsonl", gettext_lazy("JSON, un objet par ligne")),
    ("xml", "XML"),
    ("geojson", "GeoJSON"),
    ("shapefile", "Shapefile"),
    ("geopackage", "GeoPackage"),
    ("kml", "KML"),
    ("gpx", "GPX"),
    ("parquet", "Parquet"),
]
CHOICES_OF = {
    "csv": ("encoding", "delimiter", "header_line", "header_groups", "multiline", "keep_total"),
    "xlsx": ("sheet", "header_line", "header_groups", "keep_total"),
    "xls": ("sheet", "header_line", "header_groups", "keep_total"),
    "ods": ("sheet", "header_line", "header_groups", "keep_total"),
    "json": ("json_path",),
    "xml": ("json_path",),
    "shapefile": ("encoding", "sheet"),
    "geopackage": ("sheet",),
    "kml": ("sheet",),
    "gpx": ("sheet",),
}
"""What makes sense to choose, by format; everything when the format is not known."""


HEADER_GROUPS = {
    "join": gettext_lazy("les joindre au nom de chaque colonne"),
    "drop": gettext_lazy("les exclure"),
    "some": gettext_lazy("ne joindre que ceux qui précisent"),
}


PARTS = frozenset({"archive-parts", "parts-joined"})
"""Notes of a table that came in several files or sheets."""


class DelimiterField(forms.ChoiceField):
    """A choice whose value may be a tab, which must not be stripped."""

    def to_python(self, value: Any) -> str:
        """As it came."""
        return "" if value is None else str(value)


class ReadingForm(forms.Form):
    """The options of the reader; empty leaves it to find out."""

    format = forms.ChoiceField(label=gettext_lazy("Format"), required=False, choices=[AUTOMATIC, *FORMATS])
    member = forms.ChoiceField(label=gettext_lazy("Fichier dans l’archive"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Feuille ou couche"), required=False)
    encoding = forms.ChoiceField(label=gettext_lazy("Encodage"), required=False, choices=[AUTOMATIC, *ENCODINGS])
    delimiter = DelimiterField(label=gettext_lazy("Séparateur"), required=False, choices=[AUTOMATIC, *DELIMITERS])
    header_line = forms.IntegerField(
        label=gettext_lazy("Ligne de l’en-tête"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Le numéro de la ligne qui nomme les colonnes ; 0 s’il n’y en a pas."),
    )
    header_groups = forms.ChoiceField(
        label=gettext_lazy("Titres écrits au-dessus de plusieurs colonnes"),
        required=False,
        widget=forms.RadioSelect(attrs={"form": "lecture"}),
    )
    multiline = forms.TypedChoiceField(
        label=gettext_lazy("Guillemets et lignes"),
        required=False,
        choices=[AUTOMATIC, *MULTILINE],
        coerce=lambda choice: choice == "True",
        empty_value="",
    )
    keep_total = forms.TypedChoiceField(
        label=gettext_lazy("Ligne de total"),
        required=False,
        choices=[AUTOMATIC, ("True", gettext_lazy("la garder parmi les données"))],
        coerce=lambda choice: choice == "True",
        empty_value="",
    )
    file_column = forms.TypedChoiceField(
        label=gettext_lazy("Colonne qui dit de quel fichier ou de quelle feuille vient chaque ligne"),
        required=False,
        choices=[("", gettext_lazy("oui")), ("False", gettext_lazy("non"))],
        coerce=lambda choice: choice != "False",
        empty_value="",
    )
    json_path = forms.CharField(
        label=gettext_lazy("Clé de la liste"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Les clés ou les éléments qui mènent à la liste, séparés par des points : « resultats.lignes »."
        ),
    )

    def __init__(self, findings: dict[str, Any], members: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reading = findings.get("reading", {})
        self.joins_sheets = findings.get("format") in ("xlsx", "xls", "ods")
        self._offer("sheet", {sheet: sheet for sheet in reading.get("sheets") or []}, kwargs.get("initial"))
        self._offer(
            "member", members or {member: member for member in reading.get("members") or []}, kwargs.get("initial")
        )
        self.groups = self._offer_groups(reading.get("header_groups"), kwargs.get("initial") or {})
        shown = {
            "format",
            "member",
            "file_column",
            *CHOICES_OF.get(findings.get("format", ""), CHOICES_OF["csv"] + ("json_path",)),
        }
        for name in list(self.fields):
            alone = name in ("sheet", "member") and len(self.fields[name].choices) < 3
            if name == "file_column":
                alone = not any(note.get("code") in PARTS for note in findings.get("notes", []))
            if name not in shown or alone or (name == "header_groups" and not self.groups):
                del self.fields[name]

    def _offer(self, name: str, labels: dict[str, str], initial: dict[str, Any] | None) -> None:
        """The names, and all of them together when there are several; a pattern that was chosen otherwise stays."""
        several = (
            [("*", _("tous, en un seul tableau"))]
            if len(labels) > 1 and (name == "member" or self.joins_sheets)
            else []
        )
        chosen = str((initial or {}).get(name) or "")
        other = [(chosen, chosen)] if is_pattern(chosen) and chosen != "*" else []
        self.fields[name].choices = [AUTOMATIC, *several, *other, *labels.items()]

    def visible_fields(self) -> list[forms.BoundField]:
        """Those of the options; the groups are asked about above them."""
        return [field for field in super().visible_fields() if field.name != "header_groups"]

    def _offer_groups(self, groups: dict[str, str] | None, initial: dict[str, Any]) -> bool:
        """Both readings of the groups with a column as example, the one that was done first; False where there are none."""
        if not groups:
            return False
        examples = {"join": groups["joined"], "drop": groups["label"]}
        done = groups["reading"]
        first = "" if not initial.get("header_groups") else done
        words = {key: f"{HEADER_GROUPS[key]} – « {short(name)} »" for key, name in examples.items()}
        proposed = _("%s (proposé)") if not first else "%s"
        choices = [(first, proposed % words.get(done, HEADER_GROUPS[done]))]
        self.fields["header_groups"].choices = choices + [(key, words[key]) for key in examples if key != done]
        return True

    def chosen(self, before: dict[str, Any]) -> dict[str, Any]:
        """The choices as ``ReadOptions`` takes them; those not shown stay as they were."""
        hidden = {name: value for name, value in before.items() if name not in self.fields}
        return {**hidden, **{name: value for name, value in self.cleaned_data.items() if value not in ("", None)}}


def short(name: str) -> str:
    """The name of a column, cut in its middle when it is long: what differs is at its end."""
    return name if len(name) <= LONGEST_EXAMPLE else f"{name[: LONGEST_EXAMPLE // 2]}…{name[-LONGEST_EXAMPLE // 2 :]}"


def _tables(error: dict[str, Any] | None) -> dict[str, str]:
    """The tables of an archive that has several, each with its size; nothing when that is not what stopped the reading."""
    if not error or error.get("code") != SeveralTables.code:
        return {}
    sentence = Sentence.from_json(error.get("sentence"))
    lines = str(sentence.values.get("choices", "")).splitlines() if sentence else []
    return {member: f"{member} ({size})" for member, _, size in (line.rpartition("\t") for line in lines)}


class ReadingScreen(WithForm, ImportScreen):
    """What was found, and the form to read again."""

    step = "import_reading"
    template_name = "backoffice/assistant/reading.html"
    form_class = ReadingForm
    refusals = ()  # what cannot be read again is told where the import stands

    @property
    def is_open(self) -> bool:
        """Unless work goes on or all is over."""
        return self.imported.state not in BUSY_OR_OVER

    def get_form_kwargs(self) -> dict[str, Any]:
        """What was found, and what was chosen before."""
        kwargs = {"findings": self.imported.findings, "members": _tables(self.imported.error)}
        return {**super().get_form_kwargs(), **kwargs, "initial": self.imported.reading}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The findings in words, the form."""
        findings = self.imported.findings
        return {
            **super().get_context_data(**kwargs),
            "findings": findings,
            "facts": findings.get("reading", {}),
            "delimiter_names": dict(DELIMITERS),
            "notes": [note_sentence(note) for note in findings.get("notes", [])],
            "refused": not findings or self.imported.state in (ImportState.REFUSED, ImportState.FAILED),
        }

    def act(self, form: ReadingForm) -> HttpResponse:
        """Read again when something was changed or asked, else go on."""
        imported, go_on = self.imported, "continuer" in self.request.POST
        reading = form.chosen(imported.reading)
        if go_on and reading == imported.reading and imported.findings:
            return redirect(self.here("import_schema" if deserves_a_step(imported) else "import_columns"))
        correct_import(self.actor, imported, reading=reading)
        examine_import(self.actor, imported)
        return redirect(self.here("import_wait") + ("?vers=colonnes" if go_on else ""))
