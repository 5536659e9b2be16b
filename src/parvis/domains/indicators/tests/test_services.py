"""Indicators are defined with rights, computed once for a cause, kept for ever and computed again at will."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.engine.factories import make_version as make_folder
from parvis.core.errors import Forbidden, NotFound
from parvis.core.indicators.definition import Definition
from parvis.domains.indicators import selectors, services
from parvis.domains.indicators.computation import figures
from parvis.domains.indicators.models import Computation, Indicator, Value
from parvis.domains.indicators.rules import IndicatorChanged, SlugTaken
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor, Role
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_version
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import COLUMNS, made_rows, make_stands
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.services import prune_versions
from parvis.hub.records.rules import Status as IndicatorStatus
from parvis.hub.ui.formatting import number

pytestmark = pytest.mark.django_db

BODY = {
    "slug": "places",
    "title": "Places",
    "question": "Combien ?",
    "method": "On compte.",
    "parts": {"places": {"dataset": "arceaux", "select": "sum(places)", "territory": "commune"}},
}


def made(**changes):
    return services.create_indicator(OPERATOR, make_organisation(), Definition.from_dict({**BODY, **changes}))


def published(**changes):
    indicator = services.set_status(OPERATOR, made(**changes), IndicatorStatus.PUBLISHED)
    services.compute_indicator(OPERATOR, indicator)
    return indicator


def test_values_are_kept_once_for_a_cause_and_computed_again_from_their_versions(home):
    make_stands()
    indicator = published()
    services.compute_indicator(OPERATOR, indicator)
    assert Computation.objects.count() == 1
    values = {value.territory: value for value in Value.objects.all()}
    assert values[""].value == sum(row[3] for row in made_rows())
    assert values["Grigny"].value == sum(row[3] for row in made_rows() if row[0] == "Grigny")
    assert all(services.recomputed(value) == value.value for value in values.values())


def test_a_changed_formula_gives_new_values_and_the_past_ones_are_computed_as_they_were(home):
    make_stands()
    indicator = published()
    past = Value.objects.get(territory="")
    services.update_indicator(OPERATOR, indicator, Definition.from_dict({**BODY, "formula": "places * 2"}), revision=1)
    services.compute_indicator(OPERATOR, indicator)
    assert Value.objects.get(territory="", computation=indicator.latest).value == past.value * 2
    assert services.recomputed(past) == past.value


def renewed(dataset, rows):
    """Another version of the dataset, shown to readers at once."""
    version = make_version(dataset, rows=len(rows))
    make_folder(versions_folder(dataset.uid) / version.name, COLUMNS, rows)
    dataset.current = version
    dataset.save()
    return version


def test_a_definition_changed_while_it_is_computed_is_the_one_shown(home, monkeypatch):
    make_stands()
    indicator = published()
    meanwhile = [Definition.from_dict({**BODY, "formula": "places * 3"})]
    monkeypatch.setattr(services, "figures", lambda *asked: _interrupted(meanwhile, indicator, asked))
    services.update_indicator(OPERATOR, indicator, Definition.from_dict({**BODY, "formula": "places * 2"}), revision=1)
    services.compute_indicator(OPERATOR, Indicator.objects.get())
    shown = selectors.seen(ANONYMOUS, [selectors.indicator(ANONYMOUS, "places")])[0]
    assert shown.value.value == 3 * sum(row[3] for row in made_rows())
    assert not shown.is_outdated
    assert Computation.objects.count() == 3  # the one overtaken is kept too


def _interrupted(meanwhile, indicator, args):
    """Figures, and somebody saves another definition while they are computed."""
    computed = figures(*args)
    if meanwhile:
        services.update_indicator(OPERATOR, indicator, meanwhile.pop(), revision=2)
    return computed


def test_a_slow_computing_does_not_hide_the_version_published_meanwhile(home, monkeypatch):
    dataset = make_stands()
    indicator = published()
    rows, last = made_rows()[:10], made_rows()[:20]
    renewed(dataset, rows)
    waiting = [last]

    def slow(*args):
        computed = figures(*args)
        if waiting:
            renewed(dataset, waiting.pop())
            services.compute_indicator(OPERATOR, Indicator.objects.get())  # another worker, for the newer version
        return computed

    monkeypatch.setattr(services, "figures", slow)
    services.compute_indicator(OPERATOR, indicator)
    indicator.refresh_from_db()
    assert indicator.latest.values.get(territory="").value == sum(row[3] for row in last)
    assert indicator.trouble is None


def test_two_workers_keep_one_computation_for_a_cause(home, monkeypatch):
    make_stands()
    indicator = services.set_status(OPERATOR, made(), IndicatorStatus.PUBLISHED)
    others = [True]

    def twice(*args):
        if others.pop() if others else False:
            services.compute_indicator(OPERATOR, Indicator.objects.get())
        return figures(*args)

    monkeypatch.setattr(services, "figures", twice)
    computation = services.compute_indicator(OPERATOR, indicator)
    assert [computation] == list(Computation.objects.all())
    assert Value.objects.filter(territory="").count() == 1


def test_until_the_new_figures_are_there_the_old_ones_are_told_with_their_own_unit(home):
    make_stands()
    published(unit="places")
    indicator = Indicator.objects.get()
    changed = Definition.from_dict({**BODY, "unit": "milliers", "formula": "places / 1000"})
    services.update_indicator(OPERATOR, indicator, changed, revision=1)
    seen = selectors.seen(ANONYMOUS, [indicator])[0]
    assert (seen.is_outdated, seen.definition.unit) == (True, "places")
    services.compute_indicator(OPERATOR, indicator)
    seen = selectors.seen(ANONYMOUS, [indicator])[0]
    assert (seen.is_outdated, seen.definition.unit) == (False, "milliers")


def test_a_dataset_of_every_day_keeps_fewer_and_fewer_versions_and_all_its_figures(home):
    dataset = make_stands()
    indicator = published()
    latest = indicator.latest
    now = timezone.now()
    for day in range(400):
        version = make_version(dataset)
        dataset.versions.filter(pk=version.pk).update(created=now - timedelta(days=400 - day))
        latest.pk, latest.fingerprint, latest.versions = None, f"jour {day}", {"arceaux": version.name}
        latest.save()
    dataset.versions.filter(pk=dataset.current_id).update(created=now)
    shown = selectors.versions_relied_on(dataset)
    prune_versions(OPERATOR, dataset, keep=10)
    left = dataset.versions.count()
    assert left == len(shown | {dataset.current.name})
    assert 30 + 47 < left < 30 + 55
    assert Computation.objects.count() == 401
    assert prune_versions(OPERATOR, dataset, keep=10) == []


def test_the_page_of_a_figure_says_that_its_version_is_no_longer_kept(home, client):
    dataset = make_stands()
    published()
    value = Value.objects.get(territory="")
    renewed(dataset, made_rows()[:10])
    services.compute_indicator(OPERATOR, Indicator.objects.get())
    dataset.versions.exclude(pk=dataset.current_id).delete()
    html = client.get(value.get_absolute_url()).content.decode()
    assert "n’est plus conservée ; le chiffre" in html
    assert number(value.value) in html


def test_versions_that_figures_of_the_month_came_from_are_not_pruned(home):
    dataset = make_stands()
    first = dataset.current.name
    indicator = published()
    for count in (10, 20):
        renewed(dataset, made_rows()[:count])
    services.compute_indicator(OPERATOR, indicator)
    past = Value.objects.get(territory="", computation__versions={"arceaux": first})
    between = dataset.versions.all()[1].name
    assert prune_versions(OPERATOR, dataset, keep=1) == [between]
    assert services.recomputed(past) == past.value


def test_a_missing_source_is_told_and_values_stay(home):
    dataset = make_stands()
    indicator = published()
    dataset.status = "draft"
    dataset.save()
    assert services.compute_indicator(OPERATOR, indicator) is None
    assert indicator.trouble["code"] == "indicator-source"
    assert indicator.latest is not None


def test_figures_of_a_dataset_that_is_not_open_are_not_shown(home):
    dataset = make_stands()
    indicator = published()
    value = Value.objects.get(territory="")
    assert selectors.seen(ANONYMOUS, [indicator])[0].value == value
    dataset.access = Access.INTERNAL
    dataset.save()
    seen = selectors.seen(ANONYMOUS, [indicator])[0]
    assert (seen.is_readable, seen.value) == (False, None)
    with pytest.raises(NotFound):
        selectors.value_of(ANONYMOUS, "places", value.pk)


def test_values_of_a_dataset_closed_since_are_not_shown_under_a_new_definition(home):
    closed = make_stands()
    indicator = published()
    make_stands(dataset_id="autres")
    parts = {"places": {**BODY["parts"]["places"], "dataset": "autres"}}
    services.update_indicator(OPERATOR, indicator, Definition.from_dict({**BODY, "parts": parts}), revision=1)
    assert selectors.seen(ANONYMOUS, [indicator])[0].is_readable
    closed.access = Access.INTERNAL
    closed.save()
    assert not selectors.seen(ANONYMOUS, [indicator])[0].is_readable


def test_only_who_may_defines_and_publishes_and_it_is_in_the_journal(home):
    make_stands()
    organisation = make_organisation()
    definition = Definition.from_dict(BODY)
    with pytest.raises(Forbidden):
        services.create_indicator(ANONYMOUS, organisation, definition)
    contributor = Actor("une personne", roles={organisation.pk: Role.CONTRIBUTOR})
    indicator = services.create_indicator(contributor, organisation, definition)
    with pytest.raises(Forbidden):
        services.set_status(contributor, indicator, IndicatorStatus.PUBLISHED)
    with pytest.raises(NotFound):
        selectors.indicator(ANONYMOUS, "places")
    assert Entry.objects.filter(action="indicator.create", target="places").exists()


def test_two_people_do_not_undo_each_other_and_addresses_are_unique(home):
    make_stands()
    indicator = made()
    services.update_indicator(OPERATOR, indicator, Definition.from_dict({**BODY, "title": "Autre"}), revision=1)
    with pytest.raises(IndicatorChanged):
        services.update_indicator(OPERATOR, indicator, Definition.from_dict(BODY), revision=1)
    with pytest.raises(SlugTaken):
        made()
