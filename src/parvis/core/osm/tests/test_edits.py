"""What is written for OpenStreetMap is what osmium reads, whatever words are in it."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.osm import editors
from parvis.core.osm.edits import Edit, changeset_xml, corrected_tags, osm_change
from parvis.core.osm.model import Difference
from parvis.core.osm.outputs import Task, maproulette

value = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=255
)
key = st.from_regex(r"[a-z_:]{1,30}", fullmatch=True)
tags = st.dictionaries(key, value, max_size=6)
place = st.floats(-84, 84).map(lambda number: round(number, 7))
node = st.integers(1, 10**12).map("n{}".format) | st.integers(1, 99).map("n-{}".format)
edit = st.builds(Edit, node, st.integers(1, 9_999), tags, place, place) | st.builds(
    lambda number, version, tags, nodes: Edit(f"w{number}", version, tags, nodes=tuple(nodes)),
    st.integers(1, 10**9),
    st.integers(1, 9_999),
    tags,
    st.lists(st.integers(1, 10**12), max_size=6),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(edit, max_size=6))
def test_osmium_reads_what_is_written(edits):
    ordered = [row for row in edits if row.is_new] + [row for row in edits if not row.is_new]
    things = osmium.FileProcessor(osmium.io.FileBuffer(osm_change(edits, 12), "osc"))
    for thing, row in zip(things, ordered, strict=True):
        assert (f"{thing.type_str()}{thing.id}", thing.version) == (row.key, row.version)
        assert (thing.changeset, thing.deleted) == (12, False)
        assert dict(thing.tags) == dict(row.tags)
        if thing.is_node():
            assert (thing.location.lon, thing.location.lat) == (row.longitude, row.latitude)
        else:
            assert tuple(node.ref for node in thing.nodes) == row.nodes


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_words_make_a_body_that_parsers_read(words):
    root = ElementTree.fromstring(changeset_xml({"comment": words}))
    assert [tag.get("k") for tag in root.iter("tag")] in ([], ["comment"])


def test_what_was_not_approved_stays():
    current = {"amenity": "bench", "name": "Banc", "capacity": "2"}
    assert corrected_tags(current, [Difference("capacity", "4", "2")]) == {**current, "capacity": "4"}


@pytest.mark.parametrize("words", ["a&b=c#d", "é « ’ »", "a|b", '"><script>'])
def test_words_stay_one_value_of_an_address(words):
    address = editors.edit_in_id("https://osm.example", 2.5, 48.6, key="w3", comment=words)
    assert parse_qs(urlsplit(address).fragment)["comment"] == [words]
    josm = parse_qs(urlsplit(editors.edit_in_josm(2.5, 48.6, {"name": words}, key="n3")).query)
    assert josm.get("addtags", [""]) == ([""] if "|" in words else [f"name={words}"])  # JOSM has no way to write « | »


def test_each_line_of_a_challenge_is_one_geojson_text():
    lines = list(maproulette([Task("a", 2.5, 48.6, "Deux\nlignes", "w3", [Difference("capacity", "4", "")])]))
    assert lines[0].count("\n") == 1
    body = json.loads(lines[0][1:])
    assert body["features"][0]["properties"] == {"id": "a", "instruction": "Deux\nlignes", "osmid": "way/3"}
