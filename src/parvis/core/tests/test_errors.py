"""An error kept in a row is told later, in any language."""

from __future__ import annotations

import json

from parvis.core.errors import error_facts, error_row, stored_error
from parvis.core.formats.refusals import ArchiveBomb
from parvis.core.translation import Sentence

BOMB = ArchiveBomb(file="a.zip", reason=Sentence("{rows} lignes", {"rows": 7}))


def test_a_stored_error_is_told_in_the_language_of_its_reader():
    row = json.loads(json.dumps(error_row(BOMB)))
    for language in ("fr", "en"):
        assert stored_error(row, language) == (BOMB.message(language), BOMB.hint(language))


def test_no_character_that_postgresql_refuses_is_stored_of_what_a_stranger_sent():
    error = ArchiveBomb(file="a\0.zip", reason=Sentence("« {text} »", {"text": "\0PK"}))
    assert "\\u0000" not in json.dumps(error_row(error))


def test_rows_written_before_hold_french_and_english():
    row = {"code": "x", "message": "Vide.", "hint": "Envoyez.", "message_en": "Empty.", "hint_en": "Send."}
    assert stored_error(row, "fr") == ("Vide.", "Envoyez.")
    assert stored_error(row, "en") == ("Empty.", "Send.")
    assert stored_error({"code": "x", "message": "Vide."}, "en") == ("Vide.", "")
    assert stored_error(None, "fr") == ("", "")


def test_scripts_get_what_they_always_got():
    assert error_facts(json.loads(json.dumps(error_row(BOMB)))) == {
        "code": "archive-bomb",
        "message": BOMB.message("fr"),
        "hint": "",
        "message_en": BOMB.message("en"),
        "hint_en": "",
    }
    assert error_facts(None) is None
