"""All public datasets of an organisation on another portal: what is there, what never is, what is seen of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import publish as publish_again
from parvis.hub.catalogue.services import rename_dataset, unpublish, update_card
from parvis.hub.harvesting.models import Item, Source
from parvis.hub.jobs.models import Job
from parvis.hub.privacy.models import Decision
from parvis.hub.republication import items, rules
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.plan import KEY, RETIRED
from parvis.hub.republication.portals import choose, rewrite
from parvis.hub.republication.proof import is_as_sent
from parvis.hub.republication.sending import rows_of as sending_rows
from parvis.hub.republication.tests.udata_server import ORGANISATION
from parvis.hub.republication.udata import Udata
from parvis.hub.validation.services import follow, ref_from

pytestmark = pytest.mark.django_db(transaction=True)


def there_as(there, title: str) -> dict:
    (dataset,) = [row for row in there.state.datasets.values() if row["title"] == title]
    return dataset


def file_called(dataset: dict, key: str) -> dict:
    (row,) = [row for row in dataset["resources"] if row["extras"].get(KEY) == key]
    return row


def body_of(client, row: dict) -> bytes:
    answer = client.get("/" + row["url"].split("//", 1)[1].split("/", 1)[1])
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_dataset_is_there_with_its_card_and_files_that_answer_and_is_seen_so(publish, sent, there, client, copy_of):
    dataset = publish()
    follow(OPERATOR, dataset, ref_from("scdl/subventions@2.1.1"))
    document = ContentFile(b"%PDF-1.4", name="notice.pdf")
    Attachment.every.create(
        dataset=dataset, slug="notice", title="Notice", file=document, mimetype="application/pdf", bytes=8
    )
    assert sent().error is None
    card = there_as(there, "Subventions aux associations")
    page = f"/explore/dataset/{dataset.dataset_id}/"
    assert card["description"].startswith("Les subventions versées par la ville.\n\nhttp")
    assert card["description"].endswith(page) and card["extras"]["parvis:page"].endswith(page)
    assert (card["license"], card["frequency"], card["private"]) == ("odc-odbl", "semiannual", False)
    assert card["tags"] == ["administration-et-vie-publique", "subventions", "vie-associative"]
    assert card["spatial"] == {"zones": ["fr:commune:91228"]}
    assert card["temporal_coverage"]["start"].startswith("2025-01-01")
    assert [row["email"] for row in card["contact_points"]] == ["associations@evry.example"]
    table, original = file_called(card, "export:csv"), file_called(card, "original")
    assert b"1200" in body_of(client, table)
    assert (table["type"], table["format"], table["mime"]) == ("main", "csv", "text/csv")
    received = body_of(client, original)
    assert original["checksum"] == {"type": "sha256", "value": hashlib.sha256(received).hexdigest()}
    assert original["filesize"] == len(received)
    assert original["schema"] == {"name": "scdl/subventions", "version": "2.1.1"} and "schema" not in table
    assert body_of(client, file_called(card, "attachment:notice")) == b"%PDF-1.4"
    if "checksum" in table:
        assert table["checksum"]["value"] == hashlib.sha256(body_of(client, table)).hexdigest()
    copy = copy_of(dataset)
    assert is_as_sent(copy.proof), copy.proof
    assert copy.proof["counts"]["files"] == len(card["resources"]) == 4
    count = len(there.state.writes)
    sent()
    assert len(there.state.writes) == count and copy_of(dataset).outcome == "unchanged"


def test_a_high_value_dataset_is_known_there_by_its_tags(publish, sent, there):
    publish(hvd=["entreprises", "meteorologie"], keywords=["vie d’ici", "l'eau", *(f"mot {n:02}" for n in range(60))])
    assert sent().error is None
    tags = there_as(there, "Subventions aux associations")["tags"]
    assert {"hvd", "entreprises-et-propriete-d-entreprises", "meteorologiques", "vie-d-ici", "l-eau"} <= set(tags)
    assert len(tags) == 60
    count = len(there.state.writes)
    sent()
    assert len(there.state.writes) == count


def test_what_never_leaves_and_what_leaves_only_when_it_is_chosen(portal, organisation, there, monkeypatch):
    monkeypatch.setattr(items, "_send", lambda sending, package, copy: copy.save() or "created")
    monkeypatch.setattr("parvis.hub.republication.selection.package_of", lambda dataset: None)
    send = rules.Outcome.CREATED

    def harvested(dataset: Dataset, url: str) -> Dataset:
        source = Source.objects.create(
            slug=dataset.dataset_id, title="Un portail", organisation=organisation, dialect="udata", url=url
        )
        Item.objects.create(source=source, identifier="x", dataset=dataset)
        return dataset

    def persons(dataset: Dataset, key: str) -> Dataset:
        Decision.objects.create(dataset=dataset, actor="x", ground="law", explanation="x", keys=[key])
        return dataset

    expected = {
        make_dataset(organisation): send,
        make_dataset(organisation, status=Status.DRAFT): None,
        make_dataset(organisation, access=Access.RESTRICTED): None,
        make_dataset(organisation, access=Access.INTERNAL): None,
        make_dataset(): None,
        harvested(make_dataset(organisation), f"{there.url}/organizations/ville/"): "republication-loop",
        harvested(make_dataset(organisation), "https://data.departement.example/"): "republication-harvested",
        persons(make_dataset(organisation), "name@nom"): "republication-personal",
        persons(make_dataset(organisation), "name@card:contact_name"): send,
        make_dataset(organisation, source_url=f"{there.url}/datasets/ancien/"): "republication-loop",
    }

    def outcomes() -> dict[Dataset, str | None]:
        sending = items.Sending(portal, Udata(portal.address, ""), "")
        done = {}
        for wish, copy in sending_rows(portal):
            outcome = items.handle(sending, wish, copy)
            done[wish.source] = outcome if outcome == send else (copy.error or {}).get("code")
        return {dataset: done.get(dataset) for dataset in expected}

    assert outcomes() == expected
    for dataset in expected:
        if dataset.organisation_id == organisation.pk:
            choose(OPERATOR, dataset, True)
    assert {name for name in outcomes().values() if name} == {send, "republication-loop"}
    assert sum(name == send for name in outcomes().values()) == 4
    portal.scope = rules.Scope.CHOSEN
    Copy.objects.update(chosen=None)
    assert set(outcomes().values()) == {None, "republication-not-chosen"}


def test_a_trial_tells_each_difference_and_changes_nothing(publish, sent, there, copy_of):
    dataset = publish()
    sent(dry=True)
    assert there.state.writes == [] and copy_of(dataset).trial["outcome"] == "created"
    sent()
    update_card(OPERATOR, dataset, {"title": "Aides aux associations", "frequency": "annual"})
    count = len(there.state.writes)
    portal = sent(dry=True)
    assert len(there.state.writes) == count
    assert portal.trial["counts"] == {"changed": 1}
    trial = copy_of(dataset).trial
    gesture, _title, differences = trial["steps"][0]
    assert gesture == "card"
    assert ["title", "Subventions aux associations", "Aides aux associations", False] in differences
    assert ["frequency", "semiannual", "annual", False] in differences and len(differences) == 2
    assert copy_of(dataset).outcome == "created", "a trial forgets nothing of the last sending"


def test_what_people_changed_there_stays_until_it_changes_here_and_is_told(publish, sent, there, copy_of):
    dataset = publish()
    sent()
    card = there_as(there, dataset.title)
    card |= {"tags": ["leur-mot"], "acronym": "SUB", "title": "Leur titre"}
    card["extras"]["autre"] = "x"
    sent()
    proof = copy_of(dataset).proof
    assert {(row[0], row[3]) for row in proof["differences"]} == {("tags", True), ("title", True)}
    assert card["title"] == "Leur titre", "nothing is overwritten in silence"
    update_card(OPERATOR, dataset, {"title": "Notre titre", "frequency": "annual"})
    sent()
    assert (card["title"], card["frequency"], card["tags"]) == ("Notre titre", "annual", ["leur-mot"])
    assert card["acronym"] == "SUB" and card["extras"]["autre"] == "x" and card["spatial"]
    copy = copy_of(dataset)
    assert copy.report["left_alone"] == ["tags"]
    assert ["title", "Leur titre", "Notre titre", True] in copy.report["steps"][0][2]
    assert [row[0] for row in copy.proof["differences"]] == ["tags"] and copy.proof["differences"][0][3]
    file_called(card, "export:csv")["url"] = "https://evil.example/"
    rewrite(OPERATOR, copy)
    sent()
    assert "subventions" in card["tags"] and "evil" not in file_called(card, "export:csv")["url"]
    assert is_as_sent(copy_of(dataset).proof)
    update_card(OPERATOR, dataset, {"contact_email": "", "contact_name": "", "territories": []})
    dataset.organisation.territory = None
    dataset.organisation.save()
    sent()
    assert card["contact_points"] == [] and not card["spatial"]["zones"]
    assert is_as_sent(copy_of(dataset).proof)


@pytest.mark.parametrize("retire", [rules.Retire.ARCHIVE, rules.Retire.DELETE])
def test_what_is_withdrawn_here_leaves_there_and_comes_back_under_the_same_name(publish, sent, there, copy_of, retire):
    Portal.objects.update(retire=retire)
    dataset = publish()
    sent()
    card = there_as(there, dataset.title)
    unpublish(OPERATOR, dataset)
    sent(everything=False)
    assert card["resources"] == [] and bool(card["archived"]) is (retire == "archive")
    assert bool(card["deleted"]) is (retire == "delete") and card["extras"][RETIRED]
    assert copy_of(dataset).outcome == "retired"
    there.state.requests.clear()
    sent()
    assert [path for _method, path in there.state.requests] == ["/api/1/me/"], "what is closed is not asked again"
    dataset.refresh_from_db()
    publish_again(OPERATOR, dataset)
    sent()
    assert len(there.state.datasets) == 1 and len(card["resources"]) == 3
    assert not card["archived"] and not card["deleted"] and RETIRED not in card["extras"]


def test_a_page_that_holds_files_of_others_stays_open_for_them(publish, sent, there):
    dataset = publish()
    sent()
    card = there_as(there, dataset.title)
    card["resources"].append({"id": "abc", "title": "Analyse", "url": "https://x.example/", "extras": {}})
    choose(OPERATOR, dataset, False)
    sent()
    assert [row["title"] for row in card["resources"]] == ["Analyse"] and not card["archived"]


def test_another_identifier_here_is_the_same_dataset_there(publish, sent, there, copy_of):
    dataset = publish()
    sent()
    before = copy_of(dataset).remote_id
    rows = {row["extras"][KEY]: row["id"] for row in there.state.datasets[before]["resources"]}
    rename_dataset(OPERATOR, dataset, "aides")
    Copy.objects.update(remote_id="")  # as of a backup older than the dataset there
    sent()
    assert copy_of(dataset).remote_id == before and len(there.state.datasets) == 1
    card = there.state.datasets[before]
    assert card["extras"]["parvis:page"].endswith("/aides/")
    assert {row["extras"][KEY]: row["id"] for row in card["resources"]} == rows


def test_a_dataset_that_the_portal_harvests_is_not_sent_and_the_others_are(publish, sent, there, copy_of, organisation):
    twin, other = publish(), publish("arceaux", title="Arceaux")
    sent()
    page = there_as(there, twin.title)["extras"]["parvis:page"]
    there.state.datasets.clear()
    harvest = {"backend": "dcat", "remote_url": page.replace("http://", "https://").rstrip("/"), "domain": "x"}
    there.state.datasets["h1"] = {
        **{"id": "h1", "title": twin.title, "page": f"{there.url}/datasets/h1/", "extras": {}, "harvest": harvest},
        **{"deleted": None, "private": False, "archived": None, "resources": [], "organization": {"id": "x"}},
    }
    there.state.datasets["h1"]["organization"] = {"id": ORGANISATION}
    portal = sent()
    copy = copy_of(twin)
    assert (copy.outcome, copy.error["code"]) == ("refused", "republication-twin")
    assert "/datasets/h1/" in copy.error["message"]
    assert copy_of(other).outcome == "created" and portal.error["code"] == "republication-twin"


def test_one_that_it_harvests_from_the_portal_it_moved_in_from_is_not_sent_either(
    publish, sent, there, copy_of, organisation
):
    twin, page = publish(), "https://ancien.exemple.fr/explore/dataset/subventions/"
    source = Source.objects.create(
        slug="ancien", organisation=organisation, dialect="explore", url="https://ancien.exemple.fr", mode="move"
    )
    Item.objects.create(source=source, identifier="da_1", dataset=twin, landing_page=page)
    there.state.datasets["h1"] = {
        **{
            "id": "h1",
            "title": "x",
            "page": f"{there.url}/datasets/h1/",
            "extras": {},
            "harvest": {"remote_url": page},
        },
        **{"deleted": None, "private": False, "archived": None, "resources": [], "organization": {"id": ORGANISATION}},
    }
    sent()
    assert copy_of(twin).outcome == "left", "nobody chose it"
    choose(OPERATOR, twin, True)
    sent()
    assert copy_of(twin).error["code"] == "republication-twin"
    del there.state.datasets["h1"]
    sent()
    assert copy_of(twin).outcome == "created"


def test_a_changed_card_is_asked_about_calmly(publish, sent, copy_of):
    dataset = publish()
    sent()
    Job.objects.all().delete()
    update_card(OPERATOR, dataset, {"title": "Autre titre"})
    copy = copy_of(dataset)
    assert copy.due is not None and copy.due > timezone.now() + timedelta(minutes=5)
    update_card(OPERATOR, dataset, {"title": "Encore un"})
    assert Job.objects.filter(kind="republication.send").count() == 1
    Copy.objects.update(outcome="refused", due=timezone.now() + timedelta(hours=20))
    update_card(OPERATOR, dataset, {"title": "Corrigé"})
    assert copy_of(dataset).due < timezone.now() + timedelta(minutes=11), (
        "what was put right does not wait for tomorrow"
    )
