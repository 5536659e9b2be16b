"""The review of the demonstration: what it finds of two real files is what history says."""

from __future__ import annotations

import csv
import json

import pytest

from parvis.core.progress import no_progress
from parvis.domains.osm.comparison import compare_conflation
from parvis.domains.osm.demo import load_demo
from parvis.domains.osm.extracts import OVERRIDES
from parvis.domains.osm.factories import imported as imported_dataset
from parvis.domains.osm.models import Conflation
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.jobs.models import Job
from parvis.packs.bundled_files import DEMO

pytestmark = pytest.mark.django_db
MERGED = {"91182": "Courcouronnes", "91222": "Estouches"}
RENAMED = {"91228": ("Évry", "Évry-Courcouronnes"), "91390": ("Méréville", "Le Mérévillois")}


@pytest.fixture
def review(home):
    files, ign = DEMO / "files", make_organisation("IGN")
    load_demo()
    assert not Conflation.objects.exists(), "nothing is compared with datasets that are not there"
    imported_dataset(ign, "contours-communes-essonne", "Communes", files / "communes-91-essonne_2018.geojson")
    facts = {"licence": "odbl", "overrides": OVERRIDES}
    imported_dataset(ign, "osm-communes-essonne", "OpenStreetMap", files / "osm_communes_essonne.csv", **facts)
    load_demo()
    load_demo()
    return Conflation.objects.get()


def test_it_tells_the_mergers_and_the_new_names_since_the_file_was_made(review, client):
    assert Job.objects.filter(kind="osm.compare").count() == 1
    run = compare_conflation(OPERATOR, review, no_progress)
    rows = {json.loads(f.ours)[0]: f for f in review.findings.exclude(ours="")}
    with (DEMO / "files" / "osm_communes_essonne.csv").open(encoding="utf-8", newline="") as stream:
        there = {json.loads(row["etiquettes"])["ref:INSEE"]: row["nom"] for row in csv.DictReader(stream)}
    whole = json.loads((DEMO / "files" / "communes-91-essonne_2018.geojson").read_bytes())
    here = {row["properties"]["code"]: row["properties"]["nom"] for row in whole["features"]}
    assert {code: row.label for code, row in rows.items() if row.verdict == "missing-there"} == MERGED
    assert here.keys() - there.keys() == MERGED.keys()
    names = {code: (here[code], there[code]) for code in here.keys() & there.keys() if here[code] != there[code]}
    assert RENAMED.items() <= names.items()
    announced = {code: (d.ours, d.theirs) for code, row in rows.items() for d in row.differences}
    assert announced == names
    assert run.counts["missing-here"] == run.counts["possible"] == 0
    assert run.counts["same"] + len(rows) == 196
    page = client.get(review.get_absolute_url()).content.decode()
    assert "Évry-Courcouronnes" in page


def test_a_boundary_is_never_begun_as_a_point(review, client):
    compare_conflation(OPERATOR, review, no_progress)
    finding = review.findings.get(verdict="missing-there", label="Courcouronnes")
    page = client.get(finding.get_absolute_url()).content.decode()
    assert "add_node" not in page
    assert "presets=" not in page
    changes = client.get(f"{review.get_absolute_url()}modifications.osc").content
    assert b"<create" not in changes
