"""Civic records, seen through saved charts: life, drafts of what is online, locks, approvals, addresses that last, the journal."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import GroupApprovalTask, ModelLogEntry, Workflow, WorkflowContentType, WorkflowTask

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.services import create, update
from parvis.hub.records import services
from parvis.hub.records.rules import AddressTaken, Moved, NoWorkflow, RecordLocked, Status
from parvis.hub.records.selectors import managed_at, matching, published, record_at
from parvis.hub.records.signals import record_changed

pytestmark = pytest.mark.django_db

DESCRIPTION = ChartDescription("bars", (SeriesSource("arceaux", grouping="commune"),), title="Des places à Évry")


def titled(title: str) -> ChartDescription:
    return DESCRIPTION.with_changes(title=title)


@pytest.fixture
def organisation():
    return make_organisation()


@pytest.fixture
def chart(organisation):
    return create(OPERATOR, Chart, organisation, DESCRIPTION)


@pytest.fixture
def contributor(organisation):
    return actor_of(make_member(organisation, Role.CONTRIBUTOR))


@pytest.fixture
def steward(organisation):
    return actor_of(make_member(organisation, Role.STEWARD))


def test_a_record_is_a_draft_then_online_then_withdrawn_archived_and_restored(chart, steward):
    assert (chart.status, chart.live) == (Status.DRAFT, False)
    services.publish(steward, chart)
    assert (chart.status, chart.live, published(Chart).count()) == (Status.PUBLISHED, True, 1)
    services.withdraw(steward, chart, Status.RETIRED)
    chart.refresh_from_db()
    assert (chart.status, chart.live, published(Chart).count()) == (Status.RETIRED, False, 0)
    services.archive(steward, chart)
    chart.refresh_from_db()
    assert chart.status == Status.ARCHIVED
    services.restore(steward, chart)
    chart.refresh_from_db()
    assert chart.status == Status.DRAFT
    acts = Entry.objects.filter(target=chart.slug).order_by("id").values_list("action", flat=True)
    assert list(acts) == [f"chart.{act}" for act in ("create", "publish", "retire", "archive", "restore")]


def test_what_a_contributor_changes_of_a_record_online_waits_for_somebody_who_may_publish(chart, contributor, steward):
    services.publish(steward, chart)
    update(contributor, managed_at(Chart, contributor, chart.slug), titled("Nouveau titre"), revision=1)
    assert record_at(Chart, ANONYMOUS, chart.slug).title == "Des places à Évry"
    waiting = managed_at(Chart, contributor, chart.slug)
    assert (waiting.title, waiting.has_unpublished_changes, waiting.revision) == ("Nouveau titre", True, 2)
    services.publish(steward, record_at(Chart, ANONYMOUS, chart.slug))
    assert record_at(Chart, ANONYMOUS, chart.slug).title == "Nouveau titre"


def test_what_a_steward_changes_of_a_record_online_is_seen_at_once(chart, steward):
    services.publish(steward, chart)
    update(steward, managed_at(Chart, steward, chart.slug), titled("Tout de suite"), revision=1)
    assert record_at(Chart, ANONYMOUS, chart.slug).title == "Tout de suite"


def test_a_former_revision_brings_back_what_was_said_not_the_address_nor_the_state(chart, steward):
    first = chart.latest_revision
    update(steward, chart, titled("Autre"), revision=1)
    services.publish(steward, chart)
    services.move(steward, chart, "ailleurs")
    past = first.as_object()
    assert (past.title, past.slug, past.status, past.revision) == ("Des places à Évry", "ailleurs", "published", 2)


def test_former_addresses_lead_to_the_one_of_today_and_nobody_else_takes_them(chart, steward, organisation):
    services.publish(steward, chart)
    services.move(steward, chart, "places")
    services.move(steward, chart, "des-places")
    for former in ("des-places-a-evry", "places"):
        with pytest.raises(Moved) as moved:
            record_at(Chart, ANONYMOUS, former)
        assert moved.value.slug == "des-places"
    other = create(steward, Chart, organisation, DESCRIPTION)
    assert other.slug == "des-places-a-evry-2"
    with pytest.raises(AddressTaken):
        services.move(steward, other, "places")
    services.move(steward, chart, "places")
    assert record_at(Chart, ANONYMOUS, "places") == chart


def test_a_former_address_leads_visitors_to_the_page_and_programs_are_told(client, home):
    chart = make_chart(make_stands())
    former = chart.get_absolute_url()
    services.move(OPERATOR, chart, "ailleurs")
    answer = client.get(former)
    assert (answer.status_code, answer["Location"]) == (301, "/graphiques/ailleurs/")
    response = client.get(f"/api/parvis/v1{former.replace('graphiques', 'charts').rstrip('/')}")
    assert (response.status_code, response.json()["error_code"]) == (404, "record-moved")


def test_the_former_address_of_a_draft_tells_strangers_nothing(chart, steward):
    services.move(steward, chart, "secret")
    with pytest.raises(NotFound) as nothing:
        record_at(Chart, ANONYMOUS, "des-places-a-evry")
    assert not isinstance(nothing.value, Moved)


@pytest.mark.parametrize("slug", ["", "Des Places", "à-côté", "../x", "a" * 90])
def test_an_address_is_made_of_letters_digits_and_hyphens(chart, steward, slug):
    with pytest.raises(AddressTaken):
        services.move(steward, chart, slug)


def test_what_somebody_locked_is_changed_by_them_alone(chart, organisation, steward, contributor):
    chart.locked, chart.locked_by_id = True, steward.person_id
    chart.save()
    with pytest.raises(RecordLocked):
        update(contributor, chart, titled("Non"), revision=1)
    with pytest.raises(RecordLocked):
        services.delete(contributor, chart)
    assert update(steward, chart, titled("Oui"), revision=1).title == "Oui"


# Wagtail tells approvers by a mail, with a function of Django that goes in 2028.
@pytest.mark.filterwarnings("ignore:get_connection")
def test_a_record_waits_for_the_approval_that_its_kind_plans(chart, organisation, contributor, steward):
    with pytest.raises(NoWorkflow):
        services.submit(contributor, chart)
    workflow = Workflow.objects.create(name="Relecture")
    task = GroupApprovalTask.objects.create(name="Relire")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    kind = ContentType.objects.get_for_model(Chart)
    WorkflowContentType.objects.create(workflow=workflow, content_type=kind)
    services.submit(contributor, chart)
    assert chart.workflow_in_progress
    approver = make_member(organisation, Role.STEWARD)
    chart.current_workflow_task_state.approve(user=approver)
    assert record_at(Chart, ANONYMOUS, chart.slug).status == Status.PUBLISHED
    acts = set(Entry.objects.filter(target=chart.slug).values_list("action", flat=True))
    assert {"chart.submit", "chart.approve", "chart.publish"} <= acts


def test_whoever_acts_is_in_the_journal_and_in_wagtails_history_alike(chart, steward):
    services.publish(steward, chart)
    entry = Entry.objects.get(action="chart.publish")
    assert (entry.person_id, entry.details["title"]) == (steward.person_id, chart.title)
    history = ModelLogEntry.objects.for_instance(chart)
    assert [row.action for row in history] == ["wagtail.publish", "wagtail.create"]
    assert Entry.objects.get(action="chart.create").actor == OPERATOR.name


def test_who_listens_is_told_once_of_each_act(chart, steward):
    heard = []

    def hear(sender, record, act, **_rest):
        heard.append((sender, record.slug, act))

    record_changed.connect(hear)
    try:
        services.publish(steward, chart)
        services.publish(steward, chart)
        services.withdraw(steward, chart)
    finally:
        record_changed.disconnect(hear)
    assert heard == [(Chart, chart.slug, "publish"), (Chart, chart.slug, "unpublish")]


def test_a_search_looks_for_every_word_without_accents(chart, steward):
    services.publish(steward, chart)
    for words, count in (("evry PLACES", 1), ("Évry", 1), ("évry arbres", 0), ("", 1), ("%", 0)):
        assert matching(published(Chart), words).count() == count, words


def test_a_kind_that_others_cite_is_never_deleted(chart, steward, monkeypatch):
    monkeypatch.setattr(Chart, "may_be_deleted", False)
    with pytest.raises(Forbidden):
        services.delete(steward, chart)


def test_the_report_of_all_that_was_done_tells_each_act_once(client, home):
    chart = make_chart(make_stands())
    client.force_login(make_person(is_superuser=True))
    report = client.get(reverse("wagtailadmin_reports:site_history"))
    assert report.status_code == 200
    acts = [entry.action for entry in report.context["object_list"] if entry.object_id == str(chart.pk)]
    assert acts.count("wagtail.publish") == 1
