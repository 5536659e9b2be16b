"""``parvis harvest``: a file at an address, added, tried, read, shown; and killed in the middle of a reading."""

import json

import pytest

from parvis.config.cli.harvest_lines import preview_lines
from parvis.config.cli.main import main
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting import items
from parvis.hub.harvesting.models import Item, Run
from parvis.hub.harvesting.rules import RUN, State
from parvis.hub.harvesting.runs import advance, begin
from parvis.hub.harvesting.tests.catalogue_server import dataset, reply
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import this_process


@pytest.fixture
def command(monkeypatch, capsys):
    """A command in this process; its status and its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask(*words: str):
        status = main(["harvest", *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return ask


def test_one_dataset_is_counted_in_the_singular():
    facts = {"items": [{"title": "Nos villes", "licence": "", "reason": ""}], "total": None}
    assert preview_lines(facts) == ["Nos villes", "1 jeu lu"]
    assert preview_lines({**facts, "total": 2})[-1] == "2 jeux annoncés"


def test_a_file_is_read_again_when_it_has_changed(home, town, portal, command):
    portal.files["villes.csv"] = "ville;population\nÉvry;66919\n"
    address = f"{portal.address}/villes.csv"
    words = ("add", address, "--dialect", "file", "--title", "Nos villes", "--organisation", town.organisation.slug)
    status, seen = command(*words, "--preview")
    assert (status, [row["title"] for row in seen["items"]]) == (0, ["Nos villes"]), (
        "the dataset has the name of its source"
    )
    refused = command(*words, "--licence", "CC inconnue")[1]["error"]
    assert refused["code"] == "source-field"
    assert "lov2, " in refused["message"], "the licences that it takes are named"
    status, source = command(*words, "--licence", "Licence Ouverte 2.0", "--schedule", "chaque nuit à 3 h")
    assert (status, source["source"], source["schedule"]) == (0, "nos-villes", "0 3 * * *")
    assert command("run", "nos-villes")[1]["counts"]["created"] == 1
    assert (Dataset.objects.get().title, Dataset.objects.get().licence) == ("Nos villes", "lov2")
    assert command("run", "nos-villes")[1]["counts"]["unchanged"] == 1, "the server says 304"
    portal.files["villes.csv"] = "ville;population\nÉvry;66919\nCorbeil;52000\n"
    assert command("run", "nos-villes")[1]["counts"]["updated"] == 1
    assert Dataset.objects.get().current.rows == 2
    portal.answers["/villes.csv"] = lambda handler: reply(handler, b"", 404)
    status, run = command("run", "nos-villes")
    assert (status, run["state"], run["counts"]["failed"]) == (2, "failed", 1), "a file that failed is a missed reading"
    status, shown = command("show", "nos-villes", "--outcome", "failed")
    assert "404" in shown["items"][0]["reasons"][0]
    assert Dataset.objects.get().current.rows == 2, "what is online stays"
    assert command("list")[1][0]["latest_run"]["run"] == run["run"]
    del portal.answers["/villes.csv"]
    status, again = command("run", "nos-villes", "--resume")
    assert (status, again["run"], again["counts"].get("failed", 0)) == (0, run["run"], 0), "what failed is tried again"


def test_what_the_command_cannot_do_is_told(home, town, portal, command):
    assert command("add", portal.address, "--dialect", "inconnu")[1]["error"]["code"] == "source-dialect"
    assert command("run", "rien")[0] == 1


def test_a_command_that_was_killed_leaves_a_run_that_can_be_resumed(source, portal, command):
    portal.datasets = [dataset("a")]
    holder = f"{this_process().rsplit('-', 2)[0]}-999999-dead"
    run = begin(source, "person")
    facts = {"kind": RUN, "in_place": True, "state": "running", "holder": holder, "attempts": 1}
    job = Job.objects.create(arguments={"run": run.pk}, **facts)
    Run.objects.filter(pk=run.pk).update(job=job, state=State.RUNNING)
    status, facts = command("run", source.slug, "--resume")
    assert (status, facts["run"], facts["counts"]["created"]) == (0, run.pk, 1)


def test_a_run_whose_process_died_goes_on_where_it_stood(source, portal, monkeypatch):
    """What a kill leaves: nothing of the batch in hand but whole items, each of them found done."""
    portal.datasets = [dataset(f"j{n:02}") for n in range(12)]
    source.mode, source.publish = "metadata", False
    source.save()
    run, real = begin(source, "schedule"), items.create_dataset
    dead = iter(range(5))

    def until_killed(*some, **more):
        if next(dead, None) is None:
            raise KeyboardInterrupt
        return real(*some, **more)

    monkeypatch.setattr(items, "create_dataset", until_killed)
    with pytest.raises(KeyboardInterrupt):
        advance(run, OPERATOR, lambda *_: None, seconds=None)
    monkeypatch.setattr(items, "create_dataset", real)
    assert Item.objects.count() == 5
    assert advance(run, OPERATOR, lambda *_: None, seconds=None) is None
    run.refresh_from_db()
    assert (run.state, run.counts["created"], Dataset.objects.count()) == (State.DONE, 12, 12)
    assert sum("/catalog/datasets" in path for path in portal.asked) == 1, "the page was kept"
