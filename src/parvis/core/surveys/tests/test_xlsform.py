"""XLSForm: what pyxform reads is what was written; what is not understood is told."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from parvis.core.children import Permits, call
from parvis.core.formats.refusals import ArchiveBomb, TooManyCells
from parvis.core.surveys.checking import problems_of
from parvis.core.surveys.model import Choice, Field, Form, Kind, Section, form_from_json
from parvis.core.surveys.tests.test_answers import EVERYTHING
from parvis.core.surveys.xlsform.library import UnreadableForm
from parvis.core.surveys.xlsform.reading import LARGEST, read_xlsform
from parvis.core.surveys.xlsform.writing import write_xlsform
from parvis.core.translation import Sentence


def without_counts(form):
    """The format has no least and most entries of a group."""
    document = form.as_json()
    for section in document["sections"]:
        for field in section["fields"]:
            if field["kind"] == "repeat":
                field.pop("maximum", None)
    return form_from_json(document)


def sheet(**sheets):
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return buffer.getvalue()


def read(content):
    with NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        return read_xlsform(Path(file.name), "arbres.xlsx")


def with_rows(rows):
    """A form to whose sheet ``rows`` (bytes of XML) are added, and which does not say how many it has."""
    form, buffer = sheet(survey=[["type", "name", "label"], ["text", "nom", "Nom"]]), BytesIO()
    with ZipFile(BytesIO(form)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"<dimension[^>]*/>", b"", content)
                content = content.replace(b"</sheetData>", b"".join(rows) + b"</sheetData>")
            target.writestr(member, content)
    return buffer.getvalue()


def notices(reading):
    return [Sentence.from_json(notice).text("fr") for notice in reading.notices]


def test_a_form_with_everything_comes_back_as_it_was_and_pyxform_makes_an_xform_of_it():
    content = write_xlsform(EVERYTHING, "Arbres de la ville", "arbres", "3")
    reading = read(content)
    assert reading.title == "Arbres de la ville"
    assert form_from_json(reading.form) == without_counts(EVERYTHING)
    assert notices(reading) == []
    xform = convert(content, file_type=".xlsx").xform
    assert 'constraint="string-length(.) &lt;= 20"' in xform
    assert "jr:count" not in xform


def test_a_confined_child_reads_it(tmp_path):
    source = tmp_path / "form"
    source.write_bytes(write_xlsform(EVERYTHING, "Arbres", "arbres"))
    reading = call(read_xlsform, source, "arbres.xlsx", permits=Permits("arbres.xlsx", read=(source,)))
    assert form_from_json(reading.form) == without_counts(EVERYTHING)


_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
_WORDS = st.from_regex(r"[A-Za-zéÉ ?!<&]{0,30}[A-Za-zé?]", fullmatch=True).map(lambda text: " ".join(text.split()))
_PLAIN = st.sampled_from(
    [Kind.TEXT, Kind.LONG_TEXT, Kind.DATE, Kind.TIME, Kind.YES_NO, Kind.POINT, Kind.LINE, Kind.AREA, Kind.PHOTO]
)


@st.composite
def forms(draw):
    names = draw(
        st.lists(_NAMES, min_size=1, max_size=6, unique=True).filter(
            lambda rows: "recu" not in rows and "name" not in rows
        )
    )
    fields = []
    for name in names:
        facts = {"hint": draw(st.one_of(st.just(""), _WORDS)), "required": draw(st.booleans())}
        if fields and draw(st.booleans()):
            facts["condition"] = f"${{{fields[0].name}}} != ''"
        shape = draw(st.integers(0, 2))
        if shape == 0:
            facts |= {
                "kind": Kind.INTEGER,
                "minimum": str(draw(st.integers(-9, 0))),
                "maximum": str(draw(st.integers(1, 9))),
            }
        elif shape == 1:
            values = draw(st.lists(_NAMES, min_size=3, max_size=4, unique=True))
            facts |= {
                "kind": draw(st.sampled_from([Kind.ONE, Kind.SEVERAL])),
                "choices": tuple(Choice(v, draw(_WORDS)) for v in values),
            }
        else:
            facts["kind"] = draw(_PLAIN)
        fields.append(Field(name, draw(_WORDS), **facts))
    return Form((Section(draw(_WORDS), fields=tuple(fields)),))


@settings(max_examples=25)
@given(forms())
def test_any_form_comes_back_as_it_was(form):
    if problems_of(form):
        return
    reading = read(write_xlsform(form, "Titre", "titre"))
    assert notices(reading) == []
    assert form_from_json(reading.form) == form


def test_what_is_not_understood_is_told_and_the_rest_is_read():
    content = sheet(
        survey=[
            [
                "type",
                "name",
                "label::Français (fr)",
                "label::English (en)",
                "relevant",
                "constraint",
                "appearance",
                "default",
                "calculation",
            ],
            ["start", "start"],
            ["text", "Nom-Complet", "Votre nom", "Your name", "", "", "", "Zoé"],
            ["integer", "age", "Âge", "Age", "", ". > 17 and . < 100"],
            ["date", "jour", "Jour", "Day", "${Nom-Complet} != ''", ". <= today()"],
            ["text", "suite", "Suite", "Next", "pulldata('x', 'y') = 3"],
            ["begin_repeat", "r", "Groupe", "Group"],
            ["begin_repeat", "s", "Dedans", "In"],
            ["text", "t", "T", "T"],
            ["end_repeat"],
            ["text", "u", "U", "U"],
            ["end_repeat"],
            ["calculate", "c", "", "", "", "", "", "", "${age} * 2"],
            ["audio", "son", "Son", "Sound"],
            ["select_one oui_non or_other", "reponse", "Réponse", "Answer"],
            ["range", "note", "Note", "Mark"],
            ["select_one couleurs", "couleur", "Couleur", "Colour", "", "", "minimal"],
        ],
        choices=[
            ["list_name", "name", "label::Français (fr)", "label::English (en)"],
            ["oui_non", "oui", "Oui", "Yes"],
            ["oui_non", "non", "Non", "No"],
            ["couleurs", "1", "Rouge", "Red"],
        ],
    )
    reading = read(content)
    form, words = form_from_json(reading.form), "\n".join(notices(reading))
    assert problems_of(form) == []
    names = [field.name for field in form.every_field()]
    assert (
        names == ["nom_complet", "age", "jour", "suite", "r", "u", "reponse", "note", "couleur"]
        or "reponse_other" in names
    )
    assert (form.find("age").minimum, form.find("age").maximum) == ("18", "99")
    assert form.find("jour").condition == "${nom_complet} != ''"
    assert form.find("couleur").label == "Couleur"
    for part in (
        "nom_complet",
        "today()",
        "pulldata",
        "« s »",
        "« c »",
        "« son »",
        "« start »",
        "langues",
        "default",
        "appearance",
    ):
        assert part in words, part


def test_lists_of_other_files_settings_and_yes_or_no_in_other_words_are_told():
    content = sheet(
        survey=[
            ["type", "name", "label", "relevant", "required", "constraint", "image", "repeat_count", "body::odk:x"],
            ["select_one_from_file arbres.csv", "arbre", "Quel arbre ?"],
            ["select_one avis", "avis", "Votre avis ?", "", "", "", "avis.png", "", "grand"],
            ["select_one couleurs or_other", "couleur", "Couleur"],
            ["text", "plaque", "Plaque", "", "${avis} = 'oui'", r"regex(., '^[A-Z]{2}-[0-9]{3}$')"],
            ["note", "merci", "Merci ${plaque}"],
            ["begin_repeat", "r", "Groupe", "", "", "", "", "3"],
            ["text", "t", "T"],
            ["end_repeat"],
            ["audit", "audit"],
        ],
        choices=[
            ["list_name", "name", "label", "image"],
            ["avis", "oui", "Oui, tout à fait", "oui.png"],
            ["avis", "non", "Jamais", ""],
            ["couleurs", "r", "Rouge", ""],
        ],
        settings=[["form_title", "public_key"], ["Essai", "MIIB"]],
    )
    reading = read(content)
    form, words = form_from_json(reading.form), "\n".join(notices(reading))
    assert problems_of(form) == []
    assert form.find("arbre").kind is Kind.TEXT
    assert form.find("avis").choices == (Choice("oui", "Oui, tout à fait"), Choice("non", "Jamais"))
    assert [choice.label for choice in form.find("couleur").choices] == ["Rouge", "Autre"]
    assert (form.find("couleur_other").label, form.find("couleur_other").condition) == (
        "Précisez",
        "selected(${couleur}, 'other')",
    )
    assert form.find("plaque").pattern == "[A-Z]{2}-[0-9]{3}"
    for part in (
        "arbres.csv",
        "« avis »",
        "« media »",
        "choices: media",
        "obligatoire que si",
        "« merci » cite",
        "« repeat_count »",
        "public_key",
        "audit",
    ):
        assert part in words, part
    assert "r_count" not in words
    assert "laissée de côté" not in next(line for line in words.split("\n") if "« arbre »" in line)


@pytest.mark.parametrize(
    "rows, choices, words",
    [
        ([["begin_group", "g", "G"], ["text", "a", "A"]], [], "« begin_group » n’est jamais fermé"),
        ([["text", "Prénom usuel", "A"]], [], "ligne 2 de la feuille « survey »"),
        ([["text", "a", "A"], ["text", "a", "B"]], [], "« a » est déjà"),
        ([["select_one l", "a", "A"]], [["l", "1", "Un"], ["l", "1", "Deux"]], "ligne 3 de la feuille « choices »"),
    ],
)
def test_the_usual_mistakes_are_told_in_french_with_their_line(rows, choices, words):
    content = sheet(survey=[["type", "name", "label"], *rows], choices=[["list_name", "name", "label"], *choices])
    with pytest.raises(UnreadableForm) as caught:
        read(content)
    assert words in " ".join(caught.value.message("fr").replace("\u00a0", " ").split())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"a;b;c", sheet(autre=[["a"]])])
def test_what_is_no_form_is_refused_in_words(content):
    with pytest.raises(UnreadableForm):
        read(content)


_TEXT = b'<c t="inlineStr"><is><t>%b</t></is></c>'


@pytest.mark.parametrize(
    "row, times",
    [
        (_TEXT % b"a" * 1000, 5_000),
        (_TEXT % (b"a" * 10_000_000), 10),
        (_TEXT % b"text" + _TEXT % b"nom" + _TEXT % b"Nom", 400_000),
        (b'<c r="XFD1048576" t="inlineStr"><is><t>a</t></is></c>', 1),
    ],
    ids=["wide", "texts", "long", "far"],
)
def test_a_workbook_that_swells_is_refused_before_the_library_reads_it(row, times, monkeypatch):
    monkeypatch.setattr("pyxform.xls2json_backends.get_xlsform", lambda *_: pytest.fail("read"))
    bomb = with_rows(b"<row>" + row + b"</row>" for _ in range(times))
    assert len(bomb) < LARGEST
    with pytest.raises((ArchiveBomb, TooManyCells)):
        read(bomb)
