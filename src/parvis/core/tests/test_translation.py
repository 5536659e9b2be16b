"""A sentence is told in the reader's language, by the catalogues of the whole package."""

from __future__ import annotations

import gettext
import json

import pytest

from parvis.core import translation
from parvis.core.translation import Sentence, chained, languages, quoted, recorded, translate, translate_plural, typeset


@pytest.fixture
def german(monkeypatch, tmp_path):
    """A third language that nobody named in code: one folder."""

    class _German(gettext.NullTranslations):
        def gettext(self, message):
            return {"Le fichier {name} est vide.": "Die Datei {name} ist leer."}.get(message, message)

    monkeypatch.setattr(translation, "_catalogue", lambda language: {"de": _German()}[language])


def test_a_sentence_is_told_in_english_as_the_screens_tell_it():
    assert translate("Jeux de données", "en") == translate("Jeux de données", "en-GB") == "Datasets"


def test_french_is_the_language_of_the_code():
    assert translate("Jeux de données", "fr-FR") == "Jeux de données"


def test_what_a_language_lacks_stays_french():
    assert translate("Rien de tel n’est écrit.", "en") == "Rien de tel n’est écrit."


def test_an_unknown_language_gets_french():
    assert translate("Jeux de données", "eo") == "Jeux de données"


def test_a_third_language_needs_no_code(german):
    assert translate("Le fichier {name} est vide.", "de", name="a.csv") == "Die Datei a.csv ist leer."


def test_rows_with_plain_spaces_are_typeset_in_french_alone():
    template = "La colonne « {column} » est obligatoire et le fichier ne l’a pas."
    assert typeset(template, "fr").startswith("La colonne «\u00a0{column}\u00a0» est")
    assert typeset(template, "en") == "Column “{column}” is required and the file has not got it."


def test_each_language_has_its_quotes():
    assert (quoted("a : b", "fr"), quoted("a : b", "en")) == ("«\u00a0a : b\u00a0»", "“a : b”")


@pytest.mark.parametrize(
    ("number", "french", "english"), [(0, "0 ligne", "0 rows"), (1, "1 ligne", "1 row"), (2, "2 lignes", "2 rows")]
)
def test_nought_is_singular_in_french_and_plural_in_english(number, french, english):
    in_french, in_english = (
        translate_plural("%(shown)s ligne", "%(shown)s lignes", number, language) % {"shown": number}
        for language in ("fr", "en")
    )
    assert (in_french, in_english) == (french, english)


def test_languages_are_the_folders_of_the_catalogue():
    assert languages() == ("fr", "en")


def test_a_sentence_tells_those_within_in_the_same_language():
    sentence = Sentence(" Vouliez-vous dire {names} ?", {"names": chained("{names} ou {name}", ["a", "b", "c"])})
    assert sentence.text("fr") == " Vouliez-vous dire a ou b ou c ?"
    assert sentence.text("en") == " Did you mean a or b or c?"


def test_a_sentence_is_the_same_once_stored():
    sentence = Sentence("{types} ou {type}", {"types": Sentence("plus de {size} Mio", {"size": 3}), "type": "JSON"})
    assert Sentence.from_json(json.loads(json.dumps(sentence.to_json()))) == sentence


@pytest.mark.parametrize("message", ["{a:9999999999}", "{a.__class__}", "{a[0]}", "{a!r:>999}", "{"])
def test_what_is_more_than_a_placeholder_is_no_sentence(message):
    with pytest.raises(ValueError):
        Sentence(message, {"a": "x"})
    assert Sentence.from_json({"sentence": message, "values": {"a": "x"}}) is None


def test_a_value_that_lacks_does_not_hide_the_sentence():
    assert Sentence("« {file} » : {rows} lignes", {"rows": 2}).text("fr") == "« ? » : 2 lignes"


def test_what_rows_held_before_is_still_told():
    texts = {"fr": "Rien", "en": "Nothing"}
    assert [recorded(texts, language) for language in ("fr", "en", "de")] == ["Rien", "Nothing", "Rien"]
    assert recorded(None, "fr") == ""
