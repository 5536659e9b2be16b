"""A portal of datasets of every shape moved in, cut, taken up, moved again after changes on both sides; compared by another oracle."""

import json

import pytest

from parvis.config.cli.main import main
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting import copies
from parvis.hub.harvesting.models import Item, Run
from parvis.hub.harvesting.tests.far_oracle import digests
from parvis.hub.harvesting.tests.far_portal import API, FarPortal
from parvis.hub.harvesting.tests.far_shapes import SHAPES, TWICE, change, fill, stamp

COUNT = len(SHAPES) + TWICE


@pytest.fixture
def far(portal) -> FarPortal:
    """A dataset of each shape, two of those that differ when there is another."""
    far = FarPortal(portal)
    fill(far, COUNT)
    return far


@pytest.fixture
def move(home, town, far, monkeypatch, capsys):
    """The command, in this process: its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask() -> dict:
        main(["move-in", far.portal.address, "--organisation", town.organisation.slug, "--licence", "lov2", "--json"])
        return json.loads(capsys.readouterr().out)

    return ask


def differing(far: FarPortal, client, except_for: frozenset[str] = frozenset()) -> list[tuple[str, int]]:
    """The datasets of which some row is not as it is there, and how many are not."""
    wrong = []
    for row in far.portal.datasets:
        name = row["dataset_id"]
        if not row["has_records"] or name in except_for:
            continue
        item = Item.objects.select_related("dataset").get(identifier=row["dataset_uid"])
        text = client.get(f"{API}/{item.dataset.dataset_id}/exports/jsonl").getvalue().decode()
        here = digests(map(json.loads, text.splitlines()), row["fields"])
        there = digests(far.tables[name], row["fields"])
        if here != there:
            wrong.append((name, ((here - there) + (there - here)).total()))
    return wrong


def test_a_portal_of_every_shape_is_moved_cut_and_moved_again_with_each_value_as_it_is(
    far, move, town, client, monkeypatch
):
    client.force_login(town.superuser)
    real, deaths = copies.run_import_here, iter((5, 4))
    left = [next(deaths)]

    def until_killed(*some, **more):
        left[0] -= 1
        if left[0] == 0:
            left[0] = next(deaths, 10_000)
            raise KeyboardInterrupt
        return real(*some, **more)

    monkeypatch.setattr(copies, "run_import_here", until_killed)
    for _n in range(2):
        move()
        Run.objects.filter(state="running").update(state="stopped")
    facts = move()
    assert (facts["counts"]["created"], facts["counts"].get("failed"), Dataset.objects.count()) == (COUNT, None, COUNT)
    assert differing(far, client) == []
    differing_rows = {row["there"]: row for row in facts["report"]["datasets"] if row["state"] != "same"}
    assert {name.rsplit("-", 1)[0] for name in differing_rows} <= {"html", "no-licence"}, differing_rows
    assert {part["name"] for row in differing_rows.values() for part in row["differences"]} <= {
        "default.description",
        "default.license",
    }
    long_name = next(name for name in far.tables if "long" in name)
    assert Dataset.objects.filter(dataset_id=long_name).exists(), (
        "an identifier as long as they may be is the same here"
    )
    assert not Dataset.objects.filter(dataset_id__endswith="-2").exists()

    # Changes on both sides.
    done = change(far)
    mine = Dataset.objects.get(dataset_id=done["rows"][0])
    labels = {**mine.fields, "nombre": {**mine.fields["nombre"], "label": "D’ici"}}
    update_card(
        OPERATOR, mine, {"title": "Titre d’ici", "description": "<p>D’ici</p>", "themes": ["sante"], "fields": labels}
    )
    row = next(row for row in far.portal.datasets if row["dataset_id"] == done["rows"][0])
    row["metas"]["default"] |= {"title": "Titre de là-bas", "keyword": ["de là-bas"]}
    pictures = Dataset.objects.get(dataset_id="pictures-007")
    Attachment.objects.filter(dataset=pictures, slug="notice_txt").delete()
    stamp(next(row for row in far.portal.datasets if row["dataset_id"] == "pictures-007"), 9)
    facts = move()
    assert differing(far, client) == []
    mine.refresh_from_db()
    assert (mine.title, mine.description, mine.themes, mine.keywords) == (
        "Titre d’ici",
        "<p>D’ici</p>",
        ["sante"],
        ["de là-bas"],
    )
    assert mine.fields["nombre"]["label"] == "D’ici"
    assert not Attachment.objects.filter(dataset=pictures, slug="notice_txt").exists(), "what was removed here stays so"
    gone = Item.objects.get(dataset__dataset_id=done["deleted"][0])
    assert (gone.missing, gone.dataset.status) == (1, Status.PUBLISHED), "absent once is not gone"
    assert Item.objects.filter(dataset__dataset_id=done["created"][0]).count() == 1
    renamed = Item.objects.get(landing_page__endswith=f"/{done['renamed'][1]}/")
    assert renamed.dataset.dataset_id == done["renamed"][0], (
        "known by what stays, it is the same dataset under the same address"
    )
    assert client.get(f"{API}/{done['renamed'][1]}", follow=True).json()["dataset_id"] == done["renamed"][0], (
        "and under the new one"
    )
    assert Dataset.objects.count() == COUNT + 1

    # Moved a third time, with nothing changed: nothing is asked but the catalogue, and what is compared.
    before, versions = len(far.portal.asked), list(Dataset.objects.order_by("pk").values_list("modified", "current"))
    move()
    assert not [path for path in far.portal.asked[before:] if "/exports/jsonl" in path]
    assert list(Dataset.objects.order_by("pk").values_list("modified", "current")) == versions
