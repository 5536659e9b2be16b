"""A town's parkings compared with OpenStreetMap: what is found, shown, decided once, and kept at the next comparison."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import osmium
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.core.osm.features import write_csv
from parvis.core.osm.model import Verdict
from parvis.core.progress import no_progress
from parvis.domains.osm.comparison import compare_conflation
from parvis.domains.osm.decisions import decide
from parvis.domains.osm.factories import next_version
from parvis.domains.osm.findings_map import findings_map
from parvis.domains.osm.kinds import COMPARE
from parvis.domains.osm.models import Conflation, Finding, Run
from parvis.domains.osm.rules import AlreadyDecided
from parvis.domains.osm.schedule import ask_for_stale
from parvis.domains.osm.tests.conftest import OSM, TAGS, thing
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import publish as put_online
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import run_here
from parvis.hub.records.services import create, publish, update, withdraw
from parvis.hub.ui.tests.queries import queries_of

pytestmark = pytest.mark.django_db

OUTPUTS = ("constats.csv", "modifications.osc", "maproulette.geojson", "correspondance.toml", "osmose.json")


def test_each_verdict_is_found(imported):
    rows = Finding.objects.values_list("verdict", "ours", "theirs")
    assert set(rows) == {
        (Verdict.DIFFERENT, '["L2"]', "n102"),
        (Verdict.DIFFERENT, '["L6"]', "w108"),
        (Verdict.MISSING_THERE, '["L3"]', ""),
        (Verdict.MOVED, '["L4"]', "n104"),
        (Verdict.POSSIBLE, '["L5"]', "n105"),
        (Verdict.MISSING_HERE, "", "n106"),
        (Verdict.MISSING_HERE, "", "n107"),
    }


def test_the_page_says_them(client, conflation):
    page = client.get(conflation.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    for words in ("Absent d’OpenStreetMap (1)", "Absent de notre fichier (2)", "capacity : 6 → 8", "ODbL"):
        assert words in text, words
    for query in ("?constat=moved", "?vue=carte", "?etat=decides"):
        assert client.get(conflation.get_absolute_url() + query).status_code == 200
    for finding in conflation.findings.all():
        assert client.get(finding.get_absolute_url()).status_code == 200


def member(conflation, role=Role.CONTRIBUTOR):
    return make_member(conflation.organisation, role)


def test_a_finding_is_decided_once(client, conflation):
    finding = conflation.findings.get(ours='["L2"]')
    address = finding.get_absolute_url()
    assert client.post(address, {"decision": "dismissed"}).status_code == 403
    client.force_login(member(conflation))
    assert client.post(address, {"decision": "dismissed"}).status_code == 302
    client.force_login(member(conflation))
    answer = client.post(address, {"decision": "done"})
    assert answer.status_code == 409
    assert "a déjà décidé" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.decision == "dismissed"
    assert Entry.objects.filter(action="osm-review.decide").count() == 1
    client.post(address, {"rouvrir": "1"})
    finding.refresh_from_db()
    assert finding.decision == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(conflation):
    finding = conflation.findings.get(ours='["L2"]')
    actors = [actor_of(member(conflation)) for _ in range(4)]
    start = Barrier(4)

    def attempt(number: int) -> int:
        try:
            start.wait(10)
            return decide(actors[number], Finding.objects.get(pk=finding.pk), "done").decided_by_id
        except AlreadyDecided:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        winners = [person for person in pool.map(attempt, range(4)) if person]
    finding.refresh_from_db()
    assert winners == [finding.decided_by_id]
    assert finding.decider == conflation.organisation.name  # what anybody reads names nobody


def test_the_next_comparison_keeps_what_was_decided_and_forgets_what_is_gone(imported, tmp_path):
    actor = actor_of(member(imported))
    decide(actor, imported.findings.get(ours='["L3"]'), "done")
    decide(actor, imported.findings.get(ours='["L2"]'), "dismissed")
    write_csv(
        tmp_path / "osm.csv",
        [*(row for row in OSM if row.key != "n107"), thing("n110", 2.56, 48.64, capacity="4", covered="yes")],
    )
    next_version(Dataset.objects.get(dataset_id="osm-arceaux"), tmp_path / "osm.csv")
    compare_conflation(OPERATOR, imported, no_progress)
    present = {(f.verdict, f.ours, f.theirs, f.decision) for f in imported.findings.filter(is_present=True)}
    assert (Verdict.DIFFERENT, '["L2"]', "n102", "dismissed") in present
    assert not any(town == '["L3"]' for _verdict, town, _theirs, _decision in present)  # added there meanwhile
    assert imported.findings.get(ours='["L3"]').decision == "done"
    assert not imported.findings.filter(theirs="n107").exists()


def test_what_is_put_online_or_written_otherwise_is_compared_without_being_asked(conflation):
    Job.objects.filter(kind=COMPARE).update(finished=timezone.now())
    before = Job.objects.filter(kind=COMPARE).count()
    assert before == 1
    conflation.refresh_from_db()
    mapping = conflation.mapping.replace("distance = 50", "distance = 60")
    update(OPERATOR, conflation, {"mapping": mapping}, revision=conflation.revision)
    assert Job.objects.filter(kind=COMPARE).count() == 2
    withdraw(OPERATOR, conflation)
    assert Job.objects.filter(kind=COMPARE).count() == 2


def test_a_comparison_that_finds_the_same_writes_no_finding_and_none_is_away_meanwhile(imported):
    with CaptureQueriesContext(connection) as queries:
        compare_conflation(OPERATOR, imported, no_progress)
    writes = [row["sql"] for row in queries if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in writes if "osm_finding" in sql]
    seen = []

    def look(stage: str, *_rest: object) -> None:
        if stage == "write":
            seen.append(imported.findings.filter(is_present=True).count())

    compare_conflation(OPERATOR, imported, look)
    assert set(seen) == {7}


def test_a_new_version_asks_for_a_comparison(imported, tmp_path, django_capture_on_commit_callbacks):
    Job.objects.filter(kind=COMPARE).delete()
    with django_capture_on_commit_callbacks(execute=True):
        write_csv(tmp_path / "osm.csv", OSM[:3])
        next_version(Dataset.objects.get(dataset_id="osm-arceaux"), tmp_path / "osm.csv")
    assert Job.objects.filter(kind=COMPARE, arguments={"conflation": imported.pk}).count() == 1


def test_an_older_version_put_back_asks_again_and_so_does_one_of_openstreetmap(
    imported, tmp_path, django_capture_on_commit_callbacks
):
    osm = Dataset.objects.get(dataset_id=imported.osm_dataset_id)
    first = osm.current
    write_csv(tmp_path / "moins.csv", OSM[:4])
    next_version(osm, tmp_path / "moins.csv")
    for version in (osm.current, first, osm.current):
        Job.objects.filter(kind=COMPARE).update(finished=timezone.now())
        with django_capture_on_commit_callbacks(execute=True):
            put_online(OPERATOR, osm, version)
    assert Job.objects.filter(kind=COMPARE).count() >= 3


def test_each_night_what_changed_is_compared_and_what_did_not_is_left(imported, tmp_path):
    Job.objects.filter(kind=COMPARE).delete()
    compare_conflation(OPERATOR, imported, no_progress)
    assert ask_for_stale("2026-11-30") == 0
    write_csv(tmp_path / "moins.csv", OSM[:4])
    next_version(Dataset.objects.get(dataset_id=imported.osm_dataset_id), tmp_path / "moins.csv")
    Job.objects.filter(kind=COMPARE).delete()
    assert (ask_for_stale("2026-12-01"), ask_for_stale("2026-12-01")) == (1, 0)
    job = Job.objects.get(kind=COMPARE)
    run_here(OPERATOR, job.kind, **job.arguments)
    assert ask_for_stale("2026-12-02") == 0
    imported.save()  # another mapping
    assert ask_for_stale("2026-12-02") == 1


def test_readers_see_it_as_far_as_they_see_both_datasets(client, imported):
    finding = imported.findings.first()
    Dataset.objects.filter(dataset_id="arceaux").update(access="restricted")
    addresses = [imported.get_absolute_url(), finding.get_absolute_url()]
    addresses += [f"{imported.get_absolute_url()}{name}" for name in OUTPUTS]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert imported.title not in client.get("/openstreetmap/").content.decode()
    client.force_login(member(imported))
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_draft_is_for_those_who_write_it(client, conflation):
    withdraw(OPERATOR, conflation)
    assert client.get(conflation.findings.first().get_absolute_url()).status_code == 404
    client.force_login(member(conflation))
    assert client.get(conflation.findings.first().get_absolute_url()).status_code == 200


def test_osmium_reads_the_changes_and_finds_what_was_found(client, conflation):
    body = client.get(f"{conflation.get_absolute_url()}modifications.osc").content
    things = [
        (
            thing.type_str(),
            thing.id,
            thing.version,
            thing.deleted,
            dict(thing.tags),
            (thing.location.lon, thing.location.lat),
        )
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(body, "osc"))
    ]
    new, changed = sorted(things, key=lambda row: row[1])
    assert (new[0], new[1] < 0, new[2:4]) == ("n", True, (0, False))
    assert new[4] == {**TAGS, "capacity": "4", "covered": "yes"}
    assert new[5] == (2.56, 48.64)
    assert changed == ("n", 102, 3, False, {**TAGS, "capacity": "8"}, (2.551, 48.63))


def test_maproulette_is_given_a_change_that_a_person_confirms(client, conflation):
    lines = b"".join(client.get(f"{conflation.get_absolute_url()}maproulette.geojson")).decode().strip().split("\n")
    tasks = [json.loads(line.removeprefix("\x1e")) for line in lines]
    assert len(tasks) == 7
    first, second = [task for task in tasks if "cooperativeWork" in task]
    assert second["cooperativeWork"]["operations"][0]["data"]["id"] == "way/108"
    assert first["cooperativeWork"] == {
        "meta": {"version": 2, "type": 1},
        "operations": [
            {
                "operationType": "modifyElement",
                "data": {"id": "node/102", "operations": [{"operation": "setTags", "data": {"capacity": "8"}}]},
            }
        ],
    }


def test_the_mapping_is_told_in_the_four_parts_of_osmose(client, imported):
    facts = client.get(f"{imported.get_absolute_url()}osmose.json").json()
    assert facts["generate"]["static1"] == {"amenity": "bicycle_parking"}
    assert facts["generate"]["mapping1"]["capacity"] == {"column": "capacite", "kind": "number"}
    assert (facts["conflationDistance"], facts["moveDistance"]) == (50.0, 20.0)
    assert facts["source"]["url"].endswith("/api/explore/v2.1/catalog/datasets/arceaux/exports/csv?delimiter=%3B")
    assert client.get(f"{imported.get_absolute_url()}correspondance.toml").content.decode() == imported.mapping


def test_a_table_runs_nothing_in_a_spreadsheet(client, conflation):
    conflation.findings.filter(ours='["L2"]').update(label="=cmd|calc")
    assert "'=cmd|calc" in b"".join(client.get(f"{conflation.get_absolute_url()}constats.csv")).decode()


def test_what_the_licence_does_not_allow_is_not_offered(client, conflation):
    Dataset.objects.filter(dataset_id="arceaux").update(licence="cc-by-4.0")
    text = client.get(conflation.findings.get(ours='["L2"]').get_absolute_url()).content.decode()
    assert "sans l’accord de son producteur" in " ".join(text.split())
    assert "addtags" not in text
    assert client.get(f"{conflation.get_absolute_url()}modifications.osc").status_code == 400


def test_lists_cost_the_same_whatever_their_length(client, conflation):
    address = conflation.get_absolute_url()
    few = queries_of(client, address)
    Finding.objects.bulk_create(
        Finding(conflation=conflation, digest=f"{n}", verdict="moved", longitude=2.5, latitude=48.6, label=f"{n}")
        for n in range(40)
    )
    assert queries_of(client, address) == few


def test_lists_of_reviews_cost_the_same_whatever_their_length(client, conflation):
    client.force_login(member(conflation))
    addresses = ("/openstreetmap/", "/api/parvis/v1/openstreetmap", "/admin/openstreetmap/")
    assert "Absent d’OpenStreetMap : 1" in client.get(addresses[0]).content.decode()
    assert client.get(addresses[1]).json()["results"][0]["counts"]["missing-there"] == 1

    few = [queries_of(client, address) for address in addresses]
    for number in range(4):
        copy = Conflation(
            organisation=conflation.organisation,
            title=f"Autre {number}",
            dataset_id="arceaux",
            osm_dataset_id="osm-arceaux",
            theme=conflation.theme,
            mapping=conflation.mapping,
        )
        publish(OPERATOR, create(OPERATOR, copy))
        Run.objects.create(conflation=copy, counts={"moved": 1})
    assert [queries_of(client, address) for address in addresses] == few


@pytest.mark.parametrize(
    "query", ["", "zoom=4", "zoom=99", "zoom=-1&centre=a,b", "zoom=3&centre=nan,inf", "zoom=2&centre=900,1"]
)
def test_the_map_is_drawn_whatever_is_asked(client, conflation, query):
    assert client.get(f"{conflation.get_absolute_url()}?vue=carte&{query}").status_code == 200


def test_the_map_has_each_finding_once_and_tells_apart_what_is_close(conflation):
    for number, longitude in enumerate((2.5650, 2.5651)):
        place = {"longitude": longitude, "latitude": 48.6251}
        Finding.objects.create(conflation=conflation, digest=f"close-{number}", verdict="moved", label="close", **place)
    rows = conflation.findings.all()
    whole = findings_map(rows, QueryDict(), None)
    drawn = sorted(row.pk for spot in whole.spots for row in spot.findings)
    assert drawn == sorted(rows.values_list("pk", flat=True))
    (crowd,) = [spot for spot in whole.spots if spot.closer]
    assert [row.label for row in crowd.findings] == ["close", "close"]
    closer = findings_map(rows, QueryDict(f"zoom=7&centre={crowd.closer}"), None)
    assert sorted(len(spot.findings) for spot in closer.spots if spot.findings[0].label == "close") == [1, 1]
    assert [step.zoom for step in closer.steps][:3] == [8, 6, 7]


def test_the_page_of_a_dataset_leads_to_its_review(client, imported):
    for name in ("arceaux", "osm-arceaux"):
        text = client.get(f"/explore/dataset/{name}/information/").content.decode()
        assert imported.get_absolute_url() in text
        assert "7 différences à regarder" in text
    withdraw(OPERATOR, imported)
    assert imported.get_absolute_url() not in client.get("/explore/dataset/arceaux/information/").content.decode()
