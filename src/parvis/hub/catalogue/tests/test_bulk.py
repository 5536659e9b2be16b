"""The same change on many cards."""

from __future__ import annotations

from parvis.hub.catalogue.bulk import Difference, Edit, differences, edited

CARD = {"licence": "lov2", "keywords": ["a", "b"]}


def test_only_what_changes_is_given_back():
    assert edited(CARD, [Edit("licence", "replace", "lov2")]) == {}
    assert edited(CARD, [Edit("licence", "replace", "odbl")]) == {"licence": "odbl"}


def test_words_are_added_once_and_removed_in_turn():
    edits = [Edit("keywords", "add", ["b", "c"]), Edit("keywords", "remove", ["a"])]
    assert edited(CARD, edits) == {"keywords": ["b", "c"]}
    assert CARD["keywords"] == ["a", "b"]


def test_differences_name_what_was_and_what_is():
    assert differences(CARD, {"licence": "odbl", "keywords": ["a", "b"]}) == [Difference("licence", "lov2", "odbl")]
