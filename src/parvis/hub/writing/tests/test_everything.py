"""What the back office does besides cards and files, done by programs: many datasets at once, recipes, deliveries, webhooks, teams."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Site

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.apikeys.rules import Scope
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.deliveries.models import Delivery
from parvis.hub.deliveries.rules import State
from parvis.hub.sites.models import SiteFace
from parvis.hub.writing.tests.conftest import CARD, program

pytestmark = pytest.mark.django_db

RECIPE = """
title = "Places"

# the INSEE code has a name of its own
[[step]]
do = "rename"
names = {code = "code_insee"}

[[step]]
do = "filter"
where = [{column = "places", is = "is", value = "12"}]
"""


def test_the_same_thing_is_done_to_many_datasets_each_refused_or_done_for_itself(town, places, write):
    create_dataset(OPERATOR, town, "vide", {**CARD, "title": "Vide"})
    body = {
        "datasets": ["places", "vide", "absent", "places"],
        "act": "change",
        "themes_add": ["transports"],
        "keywords_add": ["stationnement"],
        "card": {"frequency": "annual"},
    }
    first, again = (write("PATCH", "/datasets", body).json() for _n in range(2))
    assert (first["done"], first["failed"], first["left"]) == (2, 1, []), first
    assert [row.get("error", {}).get("error_code") for row in first["results"]] == [None, None, "not-found"]
    assert again == first
    dataset = Dataset.objects.get(dataset_id="vide")
    assert (dataset.themes, dataset.keywords, dataset.frequency) == (["transports"], ["stationnement"], "annual")
    assert dataset.revisions.count() == 2  # made, changed; done again, nothing changed
    online = write("PATCH", "/datasets", {"datasets": ["places", "vide"], "act": "publish"}).json()
    assert [row["done"] for row in online["results"]] == [True, False]
    narrow = program(make_member(town, Role.STEWARD), Scope.PUBLISH, town, datasets=["vide"])
    limited = narrow("PATCH", "/datasets", {"datasets": ["places", "vide"], "act": "delete"}).json()
    assert [row["done"] for row in limited["results"]] == [False, True]
    wrong = {"datasets": ["places"], "act": "change", "themes_add": ["absent"]}
    assert write("PATCH", "/datasets", wrong).json()["results"][0]["error"]["error_code"] == "value-refused"
    odd = write("PATCH", "/datasets/places", {"frequency": "parfois"}).json()["message"]
    assert "« parfois »" in odd.replace("\xa0", " "), odd


def test_an_address_that_leads_nowhere_is_told_in_json(write):
    nowhere = write("GET", "/sources/x/runs/None/absente")
    assert (nowhere.status_code, nowhere.json()["error_code"]) == (404, "not-found")


def test_a_recipe_is_tried_written_over_what_was_read_and_applied_again(town, places, write, work):
    empty = write("GET", "/datasets/places/recipe")
    assert empty.json() == {"recipe": "", "steps": []}
    tried = write("POST", "/datasets/places/recipe-preview", {"recipe": RECIPE})
    assert tried.status_code == 200, tried.content
    assert (tried.json()["headers"][0], tried.json()["failed_step"]) == ("code_insee", 0), tried.json()
    assert write("GET", "/datasets/places/recipe").json()["recipe"] == ""
    written = write("PUT", "/datasets/places/recipe", {"recipe": RECIPE})
    assert written.status_code == 200, written.content
    assert len(written.json()["steps"]) == 2 and "the INSEE code has a name of its own" in written.json()["recipe"]
    blind = write("PUT", "/datasets/places/recipe", {"recipe": ""})
    assert (blind.status_code, blind["ETag"]) == (428, written["ETag"])
    assert write("PUT", "/datasets/places/recipe", {"recipe": ""}, If_Match=empty["ETag"]).status_code == 412
    bad = write("PUT", "/datasets/places/recipe", {"recipe": '[[step]]\ndo = "absent"'}, If_Match="*")
    assert (bad.status_code, bad.json()["error_code"]) == (400, "recipe-bad")
    version = write("GET", "/datasets/places/versions").json()["results"][0]["version"]
    report = write("PUT", f"/datasets/places/versions/{version}/again", {"publish": True}).json()
    work()
    report = write("GET", f"/imports/{report['id']}").json()
    assert (report["state"], report["rows"]) == ("done", 1), report
    gone = write("PUT", "/datasets/places/recipe", {"recipe": ""}, If_Match=written["ETag"])
    assert gone.json()["steps"] == []


def test_a_card_goes_back_to_a_revision(places, write):
    write("PATCH", "/datasets/places", {"source": "Voirie"})
    rows = write("GET", "/datasets/places/revisions").json()["results"]
    assert rows[0]["changed"] == ["source"]
    back = write("POST", f"/datasets/places/revisions/{rows[1]['revision']}/restore", {})
    assert (back.status_code, back.json()["source"]) == (200, "")


def test_a_delivery_is_expected_sent_for_and_decided(town, places, write):
    body = {
        "dataset_id": "places",
        "sender": "Régie",
        "sender_emails": ["regie@exemple.fr"],
        "every": "month",
        "day": 5,
    }
    made = write("POST", "/deliveries", body)
    assert made.status_code == 200, made.content
    path = f"/deliveries/{made.json()['id']}"
    assert (made.json()["dataset_id"], made.json()["day"], made.json()["link"]) == ("places", 5, None)
    assert write("POST", "/deliveries", body).json()["error_code"] == "delivery-expected"
    changed = write("PATCH", path, {"grace": 12}).json()
    assert (changed["grace"], changed["sender_emails"], changed["day"]) == (12, ["regie@exemple.fr"], 5)
    assert write("PATCH", path, {"remind_days": 4}).json()["remind_days"] == 4
    due = changed["dues"][-1]["due"]
    until = (date.fromisoformat(due) + timedelta(days=2)).isoformat()
    moved = write("PUT", f"{path}/due", {"due": due, "until": until, "reason": "Un jour férié"}).json()
    assert {"due": due, "until": until} in moved["dues"]
    unknown = {"due": "2020-01-01", "until": until, "reason": "x"}
    assert write("PUT", f"{path}/due", unknown).json()["error_code"] == "delivery-postponed"
    for wrong in ({"sender_emails": ["pas une adresse"]}, {"day": 45}, {"every": "once"}):
        assert write("PATCH", path, wrong).json()["error_code"] == "value-refused", wrong
    link = write("POST", f"{path}/link", {}).json()
    assert "/depots/" in link["address"] and write("GET", path).json()["link"]
    assert write("DELETE", f"{path}/link").status_code == 204 and write("GET", path).json()["link"] is None
    waiting = Delivery.objects.create(
        expectation_id=made.json()["id"],
        due=timezone.localdate(),
        state=State.WAITING,
        version=places.current,
        findings=[{"code": "empty", "details": {}}],
    )
    assert write("GET", f"{path}/received").json()["results"][0]["findings"] == ["Le fichier n’a aucune ligne."]
    assert write("GET", path).json()["waiting"] == 1
    decide = f"/received-files/{waiting.pk}"
    assert write("PUT", decide, {"accept": False}).status_code == 400
    assert write("PUT", decide, {"accept": True}).json()["state"] == "delivered"
    assert write("PUT", decide, {"accept": True}).json()["error_code"] == "delivery-decided"
    assert write("GET", f"{path}/received").json()["total_count"] == 1
    assert write("DELETE", path).status_code == 204 and Dataset.objects.filter(pk=places.pk).exists()


def test_webhooks_teams_and_limits_are_set_by_who_administers(town):
    ask = program(make_member(town, Role.ADMINISTRATOR), Scope.ADMINISTER, town)
    hook = {"organisation": "ville", "name": "agenda", "url": "https://exemple.fr/", "events": ["dataset.published"]}
    made = ask("POST", "/webhooks", hook).json()
    path = f"/webhooks/{made['id']}"
    assert len(made["secret"]) > 20 and ask("GET", "/webhooks").json()["results"][0]["secret"] is None
    assert ask("PATCH", path, {"active": False}).json()["url"] == "https://exemple.fr/"
    assert ask("POST", f"{path}/secret", {}).json()["secret"] != made["secret"]
    for wrong in ({"url": "ftp://exemple.fr/"}, {"events": ["absent"]}):
        assert ask("PATCH", path, wrong).json()["error_code"] == "value-refused"
    inside = {"url": "http://127.0.0.1:8000/"}
    assert ask("PATCH", path, inside).json()["error_code"] == "fetch-private"
    assert ask("POST", "/webhooks", {**hook, **inside}).json()["error_code"] == "fetch-private"
    face, _made = SiteFace.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    SiteFace.objects.filter(pk=face.pk).update(organisation=town)
    site = ask("GET", "/sites").json()["results"][0]["site"]
    writer = make_member(town, Role.CONTRIBUTOR)
    team = ask("PUT", f"/sites/{site}/team", {"email": writer.email, "duty": "publish"}).json()["results"]
    assert [(row["email"], row["duty"]) for row in team] == [(writer.email, "publish")]
    assert ask("DELETE", f"/sites/{site}/team/{writer.pk}").status_code == 204
    assert ask("GET", f"/sites/{site}/team").json()["total_count"] == 0
    limits = {"datasets": 3}
    assert ask("PUT", "/organisations/ville/limits", limits).status_code == 403
    root = program(Person.objects.create_superuser("racine@exemple.fr", "mot de passe 1"), Scope.ADMINISTER, None)
    rows = {row["measure"]: row for row in root("PUT", "/organisations/ville/limits", limits).json()["results"]}
    assert (rows["datasets"]["limit"], rows["rows"]["limit"]) == (3, None)
    assert ask("GET", "/organisations/ville/limits").status_code == 200
