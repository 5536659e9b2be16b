"""A real extract and a town's file whose truth is known, from the bytes of a PBF to the verdicts."""

from __future__ import annotations

import osmium
import pytest

from parvis.core.osm.conflation import conflate
from parvis.core.osm.entries import entry_of, object_of
from parvis.core.osm.extracts import Selection, extract
from parvis.core.osm.factories import MELUN, drifted, features_of, saint_etienne, write_pbf
from parvis.core.osm.features import read_csv
from parvis.core.osm.mappings import themes
from parvis.core.osm.model import Verdict, key_of

THEME = themes()["stationnement-velo"]


@pytest.mark.parametrize("seed", range(4))
def test_what_a_towns_file_became_is_found_again(tmp_path, seed):
    real = saint_etienne()
    write_pbf(tmp_path / "loire.osm.pbf", features_of(real))
    summary = extract(tmp_path / "loire.osm.pbf", tmp_path / "out.csv", Selection(dict(THEME.tags)), "loire.osm.pbf")
    assert summary.objects == len(real)
    osm = [object_of(f, THEME) for f in read_csv(tmp_path / "out.csv")]
    town = drifted(real, seed)
    rows = {row.key: (key, fate) for key, row, fate in town}
    findings = conflate([entry_of(row, THEME) for _key, row, _fate in town], osm, THEME).findings
    expected = {"kept": Verdict.SAME, "nudged": Verdict.SAME, "far": Verdict.MOVED, "capacity": Verdict.DIFFERENT}
    for finding in findings:
        if not finding.ours:
            continue
        key, fate = rows[finding.ours]
        if fate in expected:
            assert (finding.theirs, finding.verdict) == (key, expected[fate]), fate
        elif fate == "unnamed":  # by its place: itself, or a possible match among crowded ones
            assert finding.theirs == key or finding.verdict is Verdict.POSSIBLE
    missing = {finding.theirs for finding in findings if finding.verdict is Verdict.MISSING_HERE}
    assert missing <= {key for key, _row in real} - {key for key, _row, fate in town if fate in expected}


def test_what_overlaps_a_real_extract_is_what_osmium_counts(tmp_path):
    selection = Selection({"amenity": "post_office|townhall|parking"})
    extract(MELUN, tmp_path / "out.csv", selection, "melun.osm.pbf")
    counted = {
        f"{thing.type_str()}{thing.id}"
        for thing in osmium.FileProcessor(str(MELUN))
        if thing.tags.get("amenity") in ("post_office", "townhall", "parking")
    }
    features = {feature.key: feature for feature in read_csv(tmp_path / "out.csv")}
    assert features.keys() == counted
    assert key_of("node/1773371126") in features
    melun = features["n1773371126"]
    assert melun.tags["ref:FR:LaPoste"] == "14763A"
    assert (round(melun.longitude, 4), round(melun.latitude, 4)) == (2.6621, 48.5396)
