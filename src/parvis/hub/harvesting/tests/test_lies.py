"""Sources that lie, drip, never end or lead inside; processes that die; servers that ask for time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.fetching import FetchTooLarge, FetchTooSlow, ask
from parvis.core.sources.contract import Item as ToldItem
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting import asking, hosts, items, runs
from parvis.hub.harvesting.models import Host, Item, Run, RunItem
from parvis.hub.harvesting.rules import RUN, AlreadyRunning, BadMapping, Filters, Outcome, State, lacks_too_many
from parvis.hub.harvesting.runs import advance, begin
from parvis.hub.harvesting.selectors import counts_so_far
from parvis.hub.harvesting.sources import ask_run, reopen, save_source, stop_run
from parvis.hub.harvesting.tests.catalogue_server import dataset, dripping, endless, reply
from parvis.hub.jobs.daily import ask_for_due
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import kinds
from parvis.hub.notifications.models import Outgoing

LIST = "/api/explore/v2.1/catalog/datasets"


def code_of(run) -> str:
    return (run.error or {}).get("code", "")


@pytest.fixture
def hurried(monkeypatch):
    """Limits that a test may wait for."""
    monkeypatch.setattr(runs, "PAGE_BYTES", 3_000_000)
    real = asking.ask
    monkeypatch.setattr(asking, "ask", lambda *some, **more: real(*some, **{"idle_seconds": 0.4, **more}))


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (endless, "fetch-too-large"),
        (dripping, "fetch-too-slow"),
        (lambda handler: reply(handler, b'{"total_count": 3, "results": [{"dataset'), "source-answer"),
        (lambda handler: reply(handler, b"<html>Bonjour</html>"), "source-page"),
        (lambda handler: reply(handler, b"", 401), "source-refused"),
        (lambda handler: reply(handler, b"", 302, Location="http://10.0.0.1/"), "fetch-private"),
        (lambda handler: reply(handler, b"", 302, Location="file:///etc/passwd"), "fetch-url"),
        (lambda handler: reply(handler, b"[" * 100_000), "source-answer"),
    ],
)
def test_a_lying_source_is_told_and_nothing_comes_of_it(source, portal, read, hurried, behaviour, code):
    portal.answers[LIST] = behaviour
    run = read(source)
    assert (run.state, code_of(run)) == (State.FAILED, code)
    assert not Dataset.objects.exists()
    assert source.failures == 1


def test_pages_that_repeat_without_end_are_left(source, portal, read):
    portal.datasets, portal.total = [dataset("a")], 9_000
    portal.answers[LIST] = lambda handler: reply(handler, portal.catalogue({"offset": ["0"], "limit": ["100"]}))
    run = read(source)
    assert (run.state, code_of(run)) == (State.FAILED, "source-circles")
    assert len(portal.asked) < 20


def test_one_dataset_less_than_announced_is_no_cut():
    assert [lacks_too_many(*pair) for pair in ((22, 23), (21, 23), (950, 1000), (949, 1000), (2, 3))] == [
        *(False, True, False, True, True)
    ]


def test_a_server_that_asks_for_time_is_given_it(source, portal, read):
    portal.datasets = [dataset("a")]
    portal.answers[LIST] = lambda handler: reply(handler, b"", 429, Retry_After="3600")
    run = begin(source, "schedule")
    moment = advance(run, OPERATOR, lambda *_: None, seconds=30)
    assert timedelta(minutes=59) < moment - timezone.now() < timedelta(minutes=61)
    requests = len(portal.asked)
    assert advance(run, OPERATOR, lambda *_: None, seconds=30) > timezone.now()
    assert len(portal.asked) == requests, "it is not asked before that"
    del portal.answers[LIST]
    Host.objects.update(free_from=None)
    assert advance(run, OPERATOR, lambda *_: None, seconds=30) is None
    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_server_that_is_down_is_asked_later_then_given_up(source, portal):
    portal.answers[LIST] = lambda handler: reply(handler, b"", 500)
    run = begin(source, "schedule")
    waits = []
    while (moment := advance(run, OPERATOR, lambda *_: None, seconds=30)) is not None:
        waits.append(round((moment - timezone.now()).total_seconds() / 60))
        Host.objects.update(free_from=None, failures=0)
        run.refresh_from_db()
    run.refresh_from_db()
    assert (waits, run.state, code_of(run)) == ([1, 5, 30], State.FAILED, "fetch-status")


def test_a_file_that_fails_three_times_is_told_and_a_dead_server_keeps_nobody_waiting(home, town, portal, read):
    """As a server does whose certificate is bad: nothing of it can be reached, whatever it is asked."""
    made = save_source(OPERATOR, town.organisation, dialect="file", url="http://127.0.0.1:9/a.csv", ignore_robots=True)
    assert [(read(made).state, made.failures) for _ in range(3)] == [(State.FAILED, n) for n in (1, 2, 3)]
    assert Outgoing.objects.filter(person=town.administrator).exists(), "who answers for it is written to"
    Host.objects.update(failures=hosts.DOWN_AFTER, free_from=timezone.now() + timedelta(minutes=1))
    run = read(made)
    assert (run.state, code_of(run)) == (State.FAILED, "source-down"), "at once"
    Host.objects.update(failures=0, free_from=timezone.now() + timedelta(hours=1))
    run = read(made)
    assert run.state == State.RUNNING
    assert run.job.state == "queued", "an hour is waited by the portal, not by a command"


def test_robots_are_heard_unless_the_producer_agreed(source, portal, read):
    portal.datasets, portal.robots = [dataset("a")], "User-agent: *\nDisallow: /api/\n"
    assert code_of(read(source)) == "source-robots"
    save_source(OPERATOR, source.organisation, source, ignore_robots=True)
    assert read(source).counts["created"] == 1


def test_one_thing_at_a_time_is_asked_of_a_server(source, portal):
    with hosts.turn(portal.address, lambda *_: None):
        Host.objects.update(free_from=timezone.now() + timedelta(minutes=5))
        with pytest.raises(hosts.ComeBackLater), hosts.turn(portal.address + "/autre", lambda *_: None):
            pytest.fail("two at a time")


def test_a_run_gives_its_worker_back_and_goes_on_where_it_stood(source, portal, work):
    portal.datasets = [dataset(f"j{n:03}") for n in range(120)]
    source.mode, source.publish = "metadata", False
    source.save()
    run = begin(source, "schedule")
    with pytest.raises(AlreadyRunning):
        ask_run(OPERATOR, source)
    slices = 0
    while advance(run, OPERATOR, lambda *_: None, seconds=0) is not None:
        slices += 1
    run.refresh_from_db()
    assert (run.state, run.counts["created"], Item.objects.count()) == (State.DONE, 120, 120)
    assert slices >= 2
    assert sum(path.startswith(LIST) for path in portal.asked) == 2, "no page is asked twice"


def test_a_run_that_was_stopped_is_resumed(source, portal, work):
    portal.datasets = [dataset(f"j{n:03}") for n in range(60)]
    source.mode, source.publish = "metadata", False
    source.save()
    run = ask_run(OPERATOR, source)
    run.refresh_from_db()
    assert kinds()[run.job.kind].priority > 0, "what a person waits for goes before the work of the night"
    stop_run(OPERATOR, run)
    run.refresh_from_db()
    assert run.state == State.STOPPED
    work()
    assert not Item.objects.exists()
    run = reopen(OPERATOR, run)
    assert advance(run, OPERATOR, lambda *_: None, seconds=None) is None
    assert Item.objects.count() == 60


def test_a_run_at_work_stops_at_its_next_dataset(source, portal, monkeypatch):
    portal.datasets = [dataset(f"j{n:03}") for n in range(10)]
    source.mode, source.publish = "metadata", False
    source.save()
    run, real = begin(source, "schedule"), items.create_dataset

    def stopping(*some, **more):
        if Item.objects.count() == 2:
            stop_run(OPERATOR, Run.objects.get())
            assert counts_so_far(Run.objects.get())["created"] == 2, "what is done is told while it is being done"
        return real(*some, **more)

    Run.objects.filter(pk=run.pk).update(job=Job.objects.create(kind=RUN, state="running", holder="x"))
    monkeypatch.setattr(items, "create_dataset", stopping)
    assert advance(run, OPERATOR, lambda *_: None, seconds=30) is None
    run.refresh_from_db()
    assert (run.state, run.counts["created"]) == (State.STOPPED, 3)
    assert advance(reopen(OPERATOR, run), OPERATOR, lambda *_: None, seconds=None) is None
    assert Item.objects.count() == 10


def test_the_calendar_begins_what_is_due_once(source, portal, work):
    portal.datasets = [dataset("a")]
    save_source(OPERATOR, source.organisation, source, schedule="toutes les 15 minutes")
    source.refresh_from_db()
    assert source.next_run.minute % 15 == 0
    source.next_run = timezone.now() - timedelta(seconds=1)
    source.save()
    assert {job.kind for job in ask_for_due()} >= {"harvesting.due"}
    assert "harvesting.due" not in {job.kind for job in ask_for_due()}
    for job in Job.objects.exclude(kind__startswith="harvesting"):
        job.delete()
    work()
    work()
    run = Run.objects.get()
    assert (run.trigger, run.state, run.counts["created"]) == ("schedule", State.DONE, 1)
    source.refresh_from_db()
    assert source.next_run > timezone.now()


def test_a_filter_leaves_the_rest_out_and_a_second_reading_of_a_page_tells_nothing_twice(source, portal, read):
    portal.datasets = [dataset(f"j{n:05}", theme=["Santé" if n else "Énergie"]) for n in range(12_000)]
    save_source(OPERATOR, source.organisation, source, filters={"theme": ["energie"]}, mode="metadata", publish=False)
    run = read(source)
    assert (run.counts["created"], run.counts["skipped"], run.total) == (1, 11_999, 12_000)
    assert RunItem.objects.filter(outcome=Outcome.SKIPPED).count() == 11_999


def test_a_rectangle_leaves_out_what_lies_elsewhere_or_does_not_say(source):
    save_source(OPERATOR, source.organisation, source, filters={"bbox": ["1.9,48.3", " 2.7 , 48.8"]})
    filters = Filters.of(source.filters)
    lying = {"within": (2.0, 48.4, 2.1, 48.5), "around": (-5.0, 41.0, 9.0, 51.0), "beside": (2.71, 48.3, 3.0, 48.8)}
    refused = {
        name: filters.refused_by(ToldItem("i", "t", bbox=box)) for name, box in {**lying, "silent": None}.items()
    }
    assert refused == {"within": "", "around": "", "beside": "bbox", "silent": "bbox"}
    for wrong in ("1,2,3", "2.7,48.3,1.9,48.8", "a,b,c,d", "1,2,3,nan"):
        with pytest.raises(BadMapping):
            save_source(OPERATOR, source.organisation, source, filters={"bbox": [wrong]})


def test_secrets_go_to_their_server_alone_and_are_never_in_clear(source, portal, read):
    portal.datasets = [dataset("a")]
    save_source(OPERATOR, source.organisation, source, secrets={"Authorization": "Apikey s3cret"})
    read(source)
    sent = [
        row.get("Authorization") for path, row in zip(portal.asked, portal.headers, strict=True) if "robots" not in path
    ]
    assert set(sent) == {"Apikey s3cret"}
    source.refresh_from_db()
    assert "s3cret" not in source.secrets
    save_source(OPERATOR, source.organisation, source, url="http://127.0.0.2:1/")
    source.refresh_from_db()
    assert source.secrets == "", "the key of a server is not shown to another"


def test_an_answer_that_is_too_large_or_too_slow_leaves_no_file(portal, tmp_path):
    portal.answers["/endless"], portal.answers["/dripping"] = endless, dripping
    free = {"allowed": lambda *_: True, "max_bytes": 2_000_000}
    for name, error in (("endless", FetchTooLarge), ("dripping", FetchTooSlow)):
        with pytest.raises(error):
            ask(f"{portal.address}/{name}", tmp_path / name, idle_seconds=0.3, **free)
    assert not list(tmp_path.iterdir())


def test_a_theme_is_chosen_by_its_word_there_or_by_ours():
    transports = ToldItem("i", "t", themes=("Mobilité et transports",))
    for word, refused in {"transports": "", "Transports": "", "mobilite et Transports": "", "Santé": "theme"}.items():
        assert Filters(theme=(word,)).refused_by(transports) == refused, word
