"""Sources set by a program: tried without being saved, added, read, stopped, told item by item, changed by one at a time."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.models import Run, Source
from parvis.hub.harvesting.tests.catalogue_server import Portal, dataset, serving
from parvis.hub.writing.tests.conftest import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(settings):
    """One that sources may reach on the loopback, without a pause."""
    with serving(Portal()) as made:
        hosts = {"PARVIS_SOURCES_PRIVATE_HOSTS": (made.address.partition("://")[2],), "PARVIS_SOURCES_PAUSE": 0.0}
        settings.PARVIS = {**settings.PARVIS, **hosts}
        made.datasets = [dataset("a"), dataset("b", theme=["Eau"]), dataset("c", license="")]
        yield made


def asked(portal: Portal, **changes: object) -> dict[str, object]:
    return {
        "dialect": "explore",
        "url": portal.address,
        "organisation": "ville",
        "title": "Portail voisin",
        "schedule": "le lundi à 6 h 30",
        "filters": {"theme": ["Transports"]},
        "access": {"Authorization": "Apikey s3cret"},
        **changes,
    }


def test_a_source_is_tried_added_read_and_told_item_by_item(portal, write, work):
    tried = write("POST", "/source-previews", asked(portal), Idempotency_Key="essai")
    assert tried.status_code == 200, tried.content
    reasons = {row["title"]: row["reason"] for row in tried.json()["items"]}
    assert (reasons["Jeu a"], tried.json()["total"], Source.objects.count()) == ("", 3, 0)
    assert "thèmes" in reasons["Jeu b"] and "licence" in reasons["Jeu c"]
    assert portal.headers[-1]["Authorization"] == "Apikey s3cret"
    again = write("POST", "/source-previews", asked(portal), Idempotency_Key="essai")
    assert "Idempotency-Replayed" not in again
    made = [write("POST", "/sources", asked(portal), Idempotency_Key="ajout") for _n in range(2)]
    assert made[0].json() == made[1].json() and Source.objects.count() == 1
    slug = made[0].json()["source"]
    assert (made[0].json()["schedule"], made[0].json()["has_secrets"]) == ("30 6 * * 1", True)
    assert not [row for row in made if "s3cret" in row.content.decode()]
    run = write("POST", f"/sources/{slug}/runs", {}).json()
    assert (run["state"], run["over"]) == ("queued", False)
    assert write("POST", f"/sources/{slug}/runs", {}).status_code == 409
    work()
    work()
    run = write("GET", f"/runs/{run['run']}").json()
    assert (run["state"], run["over"], run["counts"]["created"], run["counts"]["skipped"]) == ("done", True, 2, 1)
    skipped = write("GET", f"/runs/{run['run']}/items?outcome=skipped").json()["results"]
    assert [("thèmes" in row["reasons"][0], row["dataset_id"]) for row in skipped] == [(True, None)]
    assert Dataset.objects.filter(dataset_id="a").exists()
    assert write("GET", "/sources").json()["results"][0]["latest_run"]["run"] == run["run"]
    assert write("GET", f"/sources/{slug}/runs").json()["total_count"] == 1
    assert write("POST", f"/runs/{run['run']}/resume", {}).json()["error_code"] == "run-over"


def test_a_reading_is_stopped_and_resumed(portal, write, work):
    slug = write("POST", "/sources", asked(portal)).json()["source"]
    run = write("POST", f"/sources/{slug}/runs", {}).json()["run"]
    assert write("DELETE", f"/runs/{run}").json()["state"] == "stopped"
    assert write("DELETE", f"/runs/{run}").json()["state"] == "stopped"
    assert write("POST", f"/runs/{run}/resume", {}).json()["state"] == "queued"
    work()
    work()
    assert Run.objects.get().state == "done"
    assert write("DELETE", f"/sources/{slug}").status_code == 204
    assert (Source.objects.count(), Dataset.objects.filter(dataset_id="a").count()) == (0, 1)


def test_two_who_change_a_source_do_not_undo_each_other_and_its_key_goes_nowhere_else(portal, write):
    made = write("POST", "/sources", asked(portal))
    path, tag = f"/sources/{made.json()['source']}", made["ETag"]
    Source.objects.update(failures=2)  # what the machine notes is nobody's change
    assert write("GET", path)["ETag"] == tag
    changed = write("PATCH", path, {"schedule": "chaque nuit à 3 h"}, If_Match=tag)
    assert (changed.status_code, changed.json()["title"], changed.json()["has_secrets"]) == (
        200,
        "Portail voisin",
        True,
    )
    late = write("PATCH", path, {"schedule": ""}, If_Match=tag)
    assert (late.status_code, late["ETag"], late.json()["error_code"]) == (412, changed["ETag"], "changed-since")
    assert write("DELETE", path, If_Match=tag).status_code == 412
    moved = write("PATCH", path, {"url": "https://ailleurs.example/"}, If_Match=changed["ETag"])
    assert (moved.status_code, moved.json()["has_secrets"]) == (200, False)


def test_what_is_wrong_of_a_source_is_named_and_nothing_is_kept(portal, write):
    for changes, code in (
        ({"dialect": "absent"}, "source-dialect"),
        ({"schedule": "bientôt"}, "schedule"),
        ({"mapping": {"licences": {"maison": "absente"}}}, "source-mapping"),
        ({"options": {"inconnue": "1"}}, "source-field"),
        ({"title": None}, "value-refused"),
        ({"organisation": "absente"}, "not-found"),
        ({"mode": "vole"}, "request-invalid"),
        ({"url": "http://10.0.0.1/"}, "fetch-private"),
    ):
        answer = write("POST", "/source-previews", asked(portal, **changes))
        assert (answer.json()["error_code"], 400 <= answer.status_code < 500) == (code, True), (changes, answer.content)
    assert not Source.objects.exists()


def test_who_publishes_nothing_has_no_source(portal, write, town):
    slug = write("POST", "/sources", asked(portal)).json()["source"]
    drafts = program(make_member(town, Role.STEWARD), Scope.WRITE, town)
    assert drafts("GET", "/sources").json()["total_count"] == 0
    assert drafts("GET", f"/sources/{slug}").status_code == 404
    for path in ("/sources", "/source-previews"):
        before = len(portal.asked)
        assert drafts("POST", path, asked(portal)).status_code == 403
        assert len(portal.asked) == before
