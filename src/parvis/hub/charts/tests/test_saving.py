"""Saving drawings, charts here: rights, journal, addresses that last, two people at once."""

import pytest

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor, Role
from parvis.hub.audit.models import Entry
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.services import create, update
from parvis.hub.records import selectors, services
from parvis.hub.records.rules import BadTitle, EditConflict, Status

pytestmark = pytest.mark.django_db

DESCRIPTION = ChartDescription("bars", (SeriesSource("arceaux", grouping="commune"),), title="Des places à Évry")


def actor(role: Role, organisation) -> Actor:
    return Actor("une personne", roles={organisation.pk: role})


def test_a_chart_is_saved_under_the_words_of_its_title_and_told_in_the_journal():
    organisation = make_organisation()
    chart = create(actor(Role.CONTRIBUTOR, organisation), Chart, organisation, DESCRIPTION)
    assert (chart.slug, chart.status, chart.datasets) == ("des-places-a-evry", "draft", ["arceaux"])
    assert chart.described == DESCRIPTION
    assert Entry.objects.filter(action="chart.create", target=chart.slug).exists()


def test_the_same_title_twice_makes_two_addresses_and_an_address_never_changes():
    organisation = make_organisation()
    first = create(OPERATOR, Chart, organisation, DESCRIPTION)
    second = create(OPERATOR, Chart, organisation, DESCRIPTION)
    assert second.slug == "des-places-a-evry-2"
    update(OPERATOR, first, DESCRIPTION.with_changes(title="Autre chose"), revision=1)
    assert (first.slug, first.title, first.revision) == ("des-places-a-evry", "Autre chose", 2)


def test_a_chart_without_a_title_is_not_saved():
    with pytest.raises(BadTitle):
        create(OPERATOR, Chart, make_organisation(), DESCRIPTION.with_changes(title="  "))


def test_two_people_who_save_at_once_do_not_undo_each_other():
    chart = create(OPERATOR, Chart, make_organisation(), DESCRIPTION)
    update(OPERATOR, chart, DESCRIPTION.with_changes(title="Le premier"), revision=1)
    with pytest.raises(EditConflict):
        update(OPERATOR, chart, DESCRIPTION.with_changes(title="Le second"), revision=1)
    chart.refresh_from_db()
    assert chart.title == "Le premier"


@pytest.mark.parametrize(
    ("role", "may_edit", "may_publish"),
    [(Role.READER, False, False), (Role.CONTRIBUTOR, True, False), (Role.STEWARD, True, True)],
)
def test_who_may_edit_and_who_may_publish(role, may_edit, may_publish):
    organisation = make_organisation()
    chart = create(OPERATOR, Chart, organisation, DESCRIPTION)
    person = actor(role, organisation)
    for allowed, act in (
        (may_edit, lambda: update(person, chart, DESCRIPTION, revision=chart.revision)),
        (may_publish, lambda: services.publish(person, chart)),
        (may_publish, lambda: services.withdraw(person, chart)),
        (may_edit, lambda: services.delete(person, chart)),
    ):
        if allowed:
            act()
        else:
            with pytest.raises(Forbidden):
                act()


def test_a_draft_exists_for_its_editors_only():
    organisation, elsewhere = make_organisation(), make_organisation()
    chart = create(OPERATOR, Chart, organisation, DESCRIPTION)
    for stranger in (ANONYMOUS, actor(Role.ADMINISTRATOR, elsewhere), actor(Role.READER, organisation)):
        assert list(selectors.visible_to(Chart, stranger)) == []
        with pytest.raises(NotFound):
            selectors.record_at(Chart, stranger, chart.slug)
        with pytest.raises(NotFound):
            selectors.managed_at(Chart, stranger, chart.slug)
    assert selectors.managed_at(Chart, actor(Role.CONTRIBUTOR, organisation), chart.slug) == chart
    services.publish(OPERATOR, chart)
    assert selectors.record_at(Chart, ANONYMOUS, chart.slug).status == Status.PUBLISHED


def test_a_deleted_chart_stays_in_the_journal():
    chart = create(OPERATOR, Chart, make_organisation(), DESCRIPTION)
    services.delete(OPERATOR, chart)
    assert Entry.objects.get(action="chart.delete").details["description"]["mark"] == "bars"
