"""A language more is a folder more: a catalogue in German is all that a portal in German asks for."""

from __future__ import annotations

import importlib.util
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from parvis.config.languages import language_choices
from parvis.core import translation
from parvis.core.formats.refusals import ArchiveBomb
from parvis.core.translation import Sentence
from parvis.hub.ui.formatting import day, number, percent
from parvis.hub.ui.tests.markup import tight

ROOT = Path(__file__).resolve().parents[2]
GERMAN = {
    "Langue": "Sprache",
    "Explorer les jeux de données": "Datensätze erkunden",
    "Cette page n’existe pas": "Diese Seite gibt es nicht",
    "« {name} » n’existe pas.": "„{name}“ gibt es nicht.",
    ArchiveBomb.sentence: "Das Archiv „{file}“ wird abgelehnt: entpackt wäre es zu groß ({reason}).",
    "plus de {gib:.1f} Gio": "mehr als {gib:.1f} GiB",
    "j\\e\\r\u00a0F\u00a0Y": "j.\u00a0F\u00a0Y",
}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture
def german(tmp_path, settings, monkeypatch):
    """The catalogues of the package and one in German, compiled as a release compiles them."""
    package = tmp_path / "parvis"
    shutil.copytree(ROOT / "src" / "parvis" / "locale", package / "locale")
    catalogue = package / "locale" / "de" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    head = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    )
    rows = [f"\nmsgid {_quoted(french)}\nmsgstr {_quoted(text)}\n" for french, text in GERMAN.items()]
    catalogue.write_text("".join([head, *rows, '\nmsgid "Clair"\nmsgstr ""\n']), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("compiling", ROOT / "scripts" / "compile_translations.py")
    compiling = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compiling)
    compiling.main(package)
    monkeypatch.setattr(translation, "_FOLDER", package / "locale")
    translation._catalogue.cache_clear()
    settings.LOCALE_PATHS = [package / "locale"]
    settings.LANGUAGES = language_choices()
    yield
    translation._catalogue.cache_clear()


def test_a_folder_is_a_language(german, settings):
    assert dict(settings.LANGUAGES) == {"fr": "Français", "de": "Deutsch", "en": "English"}


def test_an_error_is_told_in_it_to_its_details(german):
    error = ArchiveBomb(file="a.zip", reason=Sentence("plus de {gib:.1f} Gio", {"gib": 2.0}))
    assert error.message("de-AT") == "Das Archiv „a.zip“ wird abgelehnt: entpackt wäre es zu groß (mehr als 2.0 GiB)."
    assert error.message("fr") == ArchiveBomb.sentence.format(file="a.zip", reason="plus de 2.0 Gio")


def test_numbers_and_days_are_written_as_it_does(german):
    with override("de"):
        assert (number(1294.5), day(date(2026, 3, 1))) == ("1.294,5", "1.\u00a0März\u00a02026")
        assert percent(0.125) == "12,5\u00a0%"


@pytest.mark.django_db
def test_a_page_its_header_and_its_switch_are_in_it(german, client):
    page = tight(client.get("/explore/", headers={"accept-language": "de"}).content.decode())
    assert '<html lang="de"' in page
    assert "<title>Datensätze erkunden" in page
    assert '<h2 id="langue">Sprache</h2>' in page
    assert 'value="de" lang="de" aria-pressed="true">Deutsch</button>' in page
    assert 'value="fr" lang="fr" aria-pressed="false">Français</button>' in page
    assert ">Clair</button>" in page, "what a language lacks stays French"


@pytest.mark.django_db
def test_its_reader_chooses_it_and_meets_an_error_in_it(german, client):
    client.post("/preferences/", {"langue": "de"})
    answer = client.get("/explore/rien-de-tel/")
    assert (answer.status_code, "Diese Seite gibt es nicht" in answer.content.decode()) == (404, True)
    body = client.get("/api/parvis/v1/charts/rien-de-tel").json()
    assert body["message"] == "„rien-de-tel“ gibt es nicht."
