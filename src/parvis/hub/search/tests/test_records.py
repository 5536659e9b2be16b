"""Searching what modules declare besides datasets: for whom, in what order, with the way to the whole list."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.records.rules import Status
from parvis.hub.records.services import withdraw
from parvis.hub.search.everything import search_everything
from parvis.hub.search.rules import DATASET

pytestmark = pytest.mark.django_db


def titles(words: str, actor=ANONYMOUS, **rest) -> list[str]:
    return [hit.title for group in search_everything(actor, words, but=DATASET, **rest) for hit in group.hits]


def test_a_record_is_found_by_every_word_whatever_its_accents(home):
    chart = make_chart(make_stands(), title="Les arceaux manquent à Évry")
    assert titles("ARCEAUX evry") == [chart.title]
    assert titles("xylophone Lieusaint") == titles("") == titles("  ") == []
    (group,) = search_everything(ANONYMOUS, "arceaux", but=DATASET)
    assert (group.kind.place, group.page.address) == ("graphiques", "/graphiques/")
    assert group.hits[0].address == f"/graphiques/{chart.slug}/"
    assert group.hits[0].organisation == chart.organisation.name


def test_what_holds_some_of_the_words_is_told_when_nothing_holds_them_all(home):
    chart = make_chart(make_stands(), title="Les arceaux manquent à Évry")
    group = next(row for row in search_everything(ANONYMOUS, "arceaux xylophone") if row.kind.place == "graphiques")
    assert [hit.title for hit in group.hits] == [chart.title]
    assert not group.every_word


def test_drafts_and_what_was_withdrawn_are_never_found(home):
    dataset = make_stands()
    make_chart(dataset, title="Brouillon de vélos", status=Status.DRAFT)
    withdraw(OPERATOR, make_chart(dataset, title="Vélos retirés"))
    assert titles("vélos", OPERATOR) == []


def test_a_chart_of_closed_data_is_told_to_those_alone_who_may_read_them(home):
    dataset = make_stands()
    chart = make_chart(dataset)
    dataset.access = Access.INTERNAL
    dataset.save()
    assert titles("places") == []
    assert titles("places", actor_of(make_member(dataset.organisation, Role.CONTRIBUTOR))) == [chart.title]


def test_the_latest_come_first_and_no_more_than_asked(home):
    dataset = make_stands()
    charts = [make_chart(dataset, title=f"Vélos {rank}") for rank in range(4)]
    assert titles("vélos", most=3) == [chart.title for chart in reversed(charts[1:])]
