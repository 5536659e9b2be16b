"""Files of strangers: whatever they hold, an extract is read in a confined child, or refused by an error of the house."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.children import Permits, ReadingFailed, ReadingTooLong, call
from parvis.core.errors import ParvisError
from parvis.core.osm.errors import (
    ChangeWithoutBase,
    ExtractTooLarge,
    NothingInExtract,
    PartialAnswer,
    UnreadableExtract,
)
from parvis.core.osm.extracts import Selection, Summary, extract, form_of
from parvis.core.osm.factories import MELUN
from parvis.core.osm.features import Feature, read_csv, write_csv

ANY = Selection({"amenity": "*"})
NODE = '<node id="1" version="2" lat="48.5" lon="2.6"><tag k="amenity" v="bench"/></node>'


def read(folder: Path, name: str, body: bytes, selection: Selection = ANY) -> Summary:
    """Read in a child, as the house does."""
    (folder / name).write_bytes(body)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    permits = Permits(name, (folder / name,), (work,), seconds=20, memory=1_500_000_000)
    return call(extract, folder / name, work / "out.csv", selection, name, permits=permits)


HOSTILE = {
    "empty.pbf": (b"", UnreadableExtract),
    "text.pbf": (b"not at all", UnreadableExtract),
    "cut.osm.pbf": (MELUN.read_bytes()[:9_000], UnreadableExtract),
    "length.osm.pbf": (b"\xff\xff\xff\xff" + MELUN.read_bytes()[4:], UnreadableExtract),
    "open.osm": (b'<osm version="0.6">' + NODE.encode(), UnreadableExtract),
    "entities.osm": (
        b'<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><osm version="0.6"><node id="1" version="1" '
        b'lat="1" lon="1"><tag k="amenity" v="&b;"/></node></osm>',
        UnreadableExtract,
    ),
    "outside.osm": (
        b'<!DOCTYPE osm [<!ENTITY a SYSTEM "file:///etc/passwd">]><osm version="0.6"><node id="1" version="1" lat="1" lon="1">'
        b'<tag k="amenity" v="&a;"/></node></osm>',
        UnreadableExtract,
    ),
    "change.osc": (f'<osmChange version="0.6"><create>{NODE}</create></osmChange>'.encode(), ChangeWithoutBase),
    "deep.json": (b'{"elements": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", UnreadableExtract),
    "list.json": (b'{"elements": {"a": 1}}', UnreadableExtract),
    "words.json": (json.dumps({"elements": [{"type": "node", "id": "x"}, 3]}).encode(), UnreadableExtract),
    "nowhere.json": (
        json.dumps({"elements": [{"type": "node", "id": 1, "lat": 200, "lon": 1, "tags": {"amenity": "a"}}]}).encode(),
        NothingInExtract,
    ),
    "infinite.json": (
        b'{"elements": [{"type": "node", "id": 1, "lat": 1, "lon": 1, "version": 1e999, "tags": {"amenity": "a"}}]}',
        UnreadableExtract,
    ),
    "stopped.json": (
        json.dumps({"elements": [], "remark": 'runtime error: Query timed out in "query" at line 3'}).encode(),
        PartialAnswer,
    ),
    "stopped.osm": (
        f'<osm version="0.6">{NODE}<remark> runtime error: Query timed out </remark></osm>'.encode(),
        PartialAnswer,
    ),
    "none.osm": (b'<osm version="0.6"></osm>', NothingInExtract),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_or_hostile_file_is_refused(tmp_path, name):
    body, error = HOSTILE[name]
    with pytest.raises(error):
        read(tmp_path, name, body)


def test_a_file_that_unpacks_to_gigabytes_is_stopped(tmp_path):
    body = gzip.compress(b'{"elements": [' + b" " * 150_000_000)
    with pytest.raises((ExtractTooLarge, ReadingFailed, ReadingTooLong)):
        read(tmp_path, "bomb.json", body)


@pytest.mark.parametrize("seed", range(12))
def test_bytes_changed_anywhere_give_a_summary_or_an_error_of_the_house(tmp_path, seed):
    chance, body = random.Random(seed), bytearray(MELUN.read_bytes())
    for _ in range(8):
        body[chance.randrange(len(body))] = chance.randrange(256)
    with contextlib.suppress(ParvisError):
        assert read(tmp_path, "melun.osm.pbf", bytes(body)).objects > 0


@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz", "sans-nom"])
def test_a_file_is_known_by_its_bytes(tmp_path, name):
    body = f'<?xml version="1.0"?><osm version="0.6">{NODE}</osm>'.encode()
    assert read(tmp_path, name, gzip.compress(body) if name.endswith("gz") else body).objects == 1


def test_relations_are_where_their_members_are(tmp_path):
    nodes = "".join(f'<node id="{n}" version="1" lat="{48 + n / 100}" lon="{2 + n / 100}"/>' for n in (1, 2, 3))
    way = '<way id="5" version="1"><nd ref="1"/><nd ref="3"/></way>'
    relation = (
        '<relation id="7" version="4"><member type="way" ref="5" role="outer"/><tag k="amenity" v="school"/></relation>'
    )
    read(tmp_path, "a.osm", f'<osm version="0.6">{nodes}{way}{relation}</osm>'.encode())
    (feature,) = read_csv(tmp_path / "work" / "out.csv")
    assert (feature.key, feature.version) == ("r7", 4)
    assert (round(feature.longitude, 5), round(feature.latitude, 5)) == (2.02, 48.02)


def test_what_was_not_kept_to_the_letter_is_not_to_be_written_again(tmp_path):
    elements = [
        {"type": "node", "id": 1, "lat": 1, "lon": 1, "version": 5, "tags": {"amenity": "bench", "note": "a\u202eb"}},
        {"type": "node", "id": 2, "lat": 1, "lon": 1, "version": 5, "tags": {"amenity": "bench", "note": "ab"}},
    ]
    read(tmp_path, "a.json", json.dumps({"elements": elements}).encode())
    assert [feature.version for feature in read_csv(tmp_path / "work" / "out.csv")] == [0, 5]


text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(tags=st.dictionaries(text, text, max_size=5), place=st.tuples(st.floats(-180, 180), st.floats(-90, 90)))
def test_what_is_written_is_read_again(tmp_path_factory, tags, place):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    feature = Feature("w12", round(place[0], 7), round(place[1], 7), tags, 3, "2026-01-01T00:00:00+00:00")
    write_csv(path, [feature])
    assert list(read_csv(path)) == [feature]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_the_form_of_any_bytes_is_told(tmp_path_factory, body):
    path = tmp_path_factory.mktemp("form") / "a"
    for head in (b"", b"\x1f\x8b", b"BZh", b"{", b"<osm"):
        path.write_bytes(head + body)
        assert form_of(path) in ("", "pbf", "xml", "change", "json")


TAGS = {"amenity": "school"}
NODES = [{"type": "node", "id": 5, "lat": 45, "lon": 4}, {"type": "node", "id": 6, "lat": 45.1, "lon": 4.2}]
SHAPE = [{"lat": 45, "lon": 4}, None, {"lat": 45.1, "lon": 4.2}]
SHAPES = {
    "a point": [{"type": "node", "id": 1, "lat": 45.05, "lon": 4.1, "tags": TAGS}],
    "out center": [{"type": "way", "id": 1, "center": {"lat": 45.05, "lon": 4.1}, "tags": TAGS}],
    "out bb": [
        {"type": "way", "id": 1, "bounds": {"minlat": 45, "minlon": 4, "maxlat": 45.1, "maxlon": 4.2}, "tags": TAGS}
    ],
    "out geom, cut by a box": [{"type": "way", "id": 1, "geometry": SHAPE, "tags": TAGS}],
    "out geom of a relation": [
        {"type": "relation", "id": 1, "members": [{"type": "way", "ref": 2, "geometry": SHAPE}], "tags": TAGS}
    ],
    "nodes apart": [{"type": "way", "id": 1, "nodes": [5, 6], "tags": TAGS}, *NODES],
    "members apart": [
        {"type": "relation", "id": 1, "members": [{"type": "way", "ref": 2}], "tags": TAGS},
        {"type": "way", "id": 2, "nodes": [5, 6]},
        *NODES,
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_that_overpass_gives_places_its_objects(tmp_path, shape):
    lost = [{"type": "node", "id": 9, "tags": TAGS}, {"type": "node", "id": 8, "lat": 1, "lon": 1}]
    answer = {"elements": [*SHAPES[shape], *lost], "remark": "runtime remark: a little slow"}
    summary = read(tmp_path, "a.json", json.dumps(answer).encode())
    (feature,) = read_csv(tmp_path / "work" / "out.csv")
    assert (feature.longitude, feature.latitude, summary.unplaced) == (4.1, 45.05, 1)


def test_ways_are_placed_by_nodes_that_come_after_them_and_what_an_editor_drew_is_left(tmp_path):
    body = """<osm version="0.6"><way id="2" version="1"><nd ref="5"/><nd ref="6"/><tag k="amenity" v="school"/></way>
    <node id="-3" lat="1" lon="1"><tag k="amenity" v="school"/></node>
    <node id="5" version="1" lat="45" lon="4"/><node id="6" version="1" lat="45.1" lon="4.2"/></osm>"""
    assert read(tmp_path, "a.osm", body.encode()).objects == 1
    (feature,) = read_csv(tmp_path / "work" / "out.csv")
    assert (feature.key, feature.longitude, feature.latitude) == ("w2", 4.1, 45.05)


def test_a_change_that_tells_one_corner_leaves_a_way_where_it_was(tmp_path):
    before = [Feature(key, 4.0, 45.0, {"amenity": "school"}, 3, "") for key in ("w2", "n7", "n8")]
    write_csv(tmp_path / "base.csv", before)
    (tmp_path / "a.osc").write_text(
        """<osmChange version="0.6"><modify><node id="6" version="2" lat="46" lon="5"/>
        <way id="2" version="4"><nd ref="5"/><nd ref="6"/><tag k="amenity" v="school"/></way></modify>
        <modify><node id="8" version="2" lat="46" lon="5"><tag k="amenity" v="school"/></node></modify>
        <delete><node id="7"/></delete></osmChange>"""
    )
    extract(tmp_path / "a.osc", tmp_path / "out.csv", ANY, "a.osc", tmp_path / "base.csv")
    old, way = read_csv(tmp_path / "out.csv")
    assert (old.key, old.version, old.latitude) == ("n8", 3, 45.0), "an older version says nothing"
    assert (way.key, way.version, way.latitude) == ("w2", 4, 45.0)
