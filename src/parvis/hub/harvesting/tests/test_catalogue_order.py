"""The order in which a portal lists its datasets is kept here, for scripts as for people; and what a second move must not spoil."""

import random
from urllib.parse import quote

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.arranging import arrange
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting import runs
from parvis.hub.harvesting.models import Run, RunItem
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.far_portal import API, rows

LIST = "/api/explore/v2.1/catalog/datasets"


def listed(client) -> list[str]:
    """What a script reads here that asks for no order, two at a time."""
    names: list[str] = []
    while page := client.get(f"{LIST}?limit=2&offset={len(names)}").json()["results"]:
        names += [row["dataset_id"] for row in page]
    return names


def there(far) -> list[str]:
    return [row["dataset_id"] for row in far.portal.datasets]


def test_the_order_of_the_portal_is_the_order_here_and_a_second_move_follows_it(far, move, client, home, town):
    for name in ("mairie", "arbres", "zones", "ecoles", "bruit"):
        far.add(name, rows(1))
    move()
    assert listed(client) == ["mairie", "arbres", "zones", "ecoles", "bruit"] == there(far)
    old = [row["datasetid"] for row in client.get("/api/datasets/1.0/search/?rows=10").json()["datasets"]]
    assert old == there(far), "the first API too"

    # Another portal listed its own before; what was made here has no place in any list.
    arrange(OPERATOR, [Dataset.objects.get(dataset_id="zones").pk])  # alone, it stays where it is
    assert listed(client) == there(far)
    random.Random(3).shuffle(far.portal.datasets)
    far.add("aaa", rows(1))
    far.portal.datasets.insert(1, far.portal.datasets.pop())
    move()
    assert listed(client) == there(far)
    assert listed(client) != sorted(listed(client))

    page = client.get("/explore/?tri=catalogue").content.decode()
    places = [page.index(f"Jeu {name}") for name in there(far)]
    assert places == sorted(places)
    assert "Ordre du catalogue" in page


def test_an_order_that_cannot_be_read_is_told_and_the_former_one_stays(far, move, client):
    for name in ("c", "a", "b"):
        far.add(name, rows(1))
    move()
    far.portal.datasets.reverse()
    whole = far.portal.catalogue

    def answer(handler):
        refused = "select=dataset_id" in handler.path
        query = {"order_by": ["x"], "limit": ["100"]}
        reply(handler, b"<html>non</html>" if refused else whole(query), Content_Type="application/json")

    far.portal.answers[LIST] = answer
    _status, facts = move()
    assert facts["state"] == "done"
    reasons = RunItem.objects.get(identifier="(ordre du catalogue)").reasons
    assert reasons[0]["sentence"].startswith("l’ordre du catalogue n’a pas pu être lu")
    assert listed(client) == ["c", "a", "b"]


def test_two_portals_keep_their_orders_one_after_the_other_and_rights_are_asked(far, move, client):
    for name in ("d", "b", "c", "a", "e"):
        far.add(name, rows(1))
    move()
    keys = dict(Dataset.objects.values_list("dataset_id", "pk"))
    Dataset.objects.update(rank=None)
    assert arrange(OPERATOR, [keys["d"], keys["c"]]) == 2
    arrange(OPERATOR, [keys["b"], keys["a"]])
    assert listed(client) == ["d", "c", "b", "a", "e"]
    arrange(OPERATOR, [keys["c"], keys["e"], keys["d"]])
    assert listed(client) == ["c", "e", "d", "b", "a"], "the first portal grew, the second stays after it"
    assert arrange(OPERATOR, [keys["c"], keys["e"], keys["d"]]) == 0
    with pytest.raises(Forbidden):
        arrange(ANONYMOUS, [keys["b"], keys["c"]])


def test_a_move_cut_while_it_compares_goes_on_and_gives_nothing_twice(far, move, monkeypatch):
    for n in range(5):
        far.add(f"j{n}", rows(1))
    real, left = runs.compare, [2]

    def until_killed(*some):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return real(*some)

    monkeypatch.setattr(runs, "compare", until_killed)
    status, error = move()
    assert (status, error["error"]["code"]) == (2, "move-interrupted"), error
    Run.objects.filter(state="running").update(state="stopped")
    before = len(far.portal.asked)
    status, facts = move()
    assert (status, facts["counts"]["created"], facts["counts"].get("skipped", 0)) == (0, 5, 0)
    catalogue = [path for path in far.portal.asked[before:] if "order_by=" in path]
    assert catalogue == [], "the catalogue was read whole, and is not asked for again"


def test_a_move_that_lacked_a_dataset_takes_it_alone_again(far, move, monkeypatch):
    for n in range(4):
        far.add(f"j{n}", rows(1))
    far.cut = lambda path: path.endswith("/j2/exports/jsonl")
    real = runs.compare

    def killed(*some):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "compare", killed)
    assert move()[0] != 0
    Run.objects.filter(state="running").update(state="stopped")
    far.cut = lambda path: False
    monkeypatch.setattr(runs, "compare", real)
    before = len(far.portal.asked)
    status, facts = move()
    assert (status, facts["counts"].get("skipped", 0), facts["counts"].get("failed", 0)) == (0, 0, 0)
    exports = [path for path in far.portal.asked[before:] if "/exports/jsonl" in path]
    assert [path.split("/")[-3] for path in exports] == ["j2"]


def test_what_changes_of_a_card_there_leaves_the_date_that_is_told_there(far, move):
    far.add("j", rows(2))
    move()
    row = far.portal.datasets[0]
    row["metas"]["default"] |= {"title": "Autre titre", "metadata_processed": "2026-04-01T00:00:00+00:00"}
    status, facts = move()
    assert (status, facts["report"]["datasets"][0]["differences"]) == (0, [])
    here = Dataset.objects.get()
    assert (here.title, here.as_told["default"]["modified"]) == ("Autre titre", "2026-01-01T00:00:00+00:00")

    # Somebody changes it here: from then on it has a date of its own.
    update_card(OPERATOR, here, {"title": "Titre d’ici"})
    row["metas"]["default"]["keyword"] = ["autre"]
    move()
    here.refresh_from_db()
    assert (here.title, here.keywords, here.as_told["default"].get("modified")) == ("Titre d’ici", ["autre"], None)


def test_a_day_is_the_same_as_its_first_instant_and_a_name_with_accents_leads_here(far, move, client):
    row = far.add("Été.à-points", rows(1))
    row["metas"]["dcat"] |= {"issued": "2020-01-01", "created": "2019-06-01T10:00:00"}
    for path in [path for path in far.portal.answers if "Été" in path]:
        far.portal.answers[quote(path)] = far.portal.answers[path]
    _status, facts = move()
    names = [part["name"] for part in facts["report"]["datasets"][0]["differences"]]
    assert names == ["dataset_id"]
    response = client.get(f"{API}/{quote('Été.à-points')}/records", follow=True)
    assert (response.status_code, response.json()["total_count"]) == (200, 1)
