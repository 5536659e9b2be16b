import re
from pathlib import Path

from parvis.core.notes import NOTES, sentence
from parvis.core.staging import Note

CORE = Path(__file__).resolve().parents[1]


def test_every_note_that_a_reader_or_the_profiler_makes_has_its_sentences():
    made = set()
    for path in CORE.rglob("*.py"):
        if "tests" not in path.parts:
            made |= set(re.findall(r'Note\(\s*"([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert made - set(NOTES) == set()
    assert all(sentence(Note(code), "en") != sentence(Note(code), "fr") for code in NOTES)


def test_a_list_in_a_note_is_cut_short():
    note = Note("short-lines", {"count": 40, "lines": list(range(1, 41))})
    assert sentence(note).endswith("(lignes 1, 2, 3, 4, 5, 6, 7, 8, 9, 10…).")
    assert (
        sentence(Note("short-lines", {}), "en")
        == "? lines have fewer cells than the header; the last ones are empty (lines ?)."
    )


def test_a_note_of_an_older_version_still_shows_its_code():
    assert sentence(Note("forgotten-code")) == "forgotten-code"
