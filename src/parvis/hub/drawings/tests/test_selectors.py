"""What of drawings and of datasets a person is shown."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.selectors import drawings_of_readable_data, offered_datasets

pytestmark = pytest.mark.django_db


def test_a_drawing_of_data_that_is_not_open_is_not_even_named():
    make_chart(make_stands(), title="Ouvert")
    make_chart(make_stands(dataset_id="fermes", access=Access.RESTRICTED), title="Fermé")
    assert [chart.title for chart in drawings_of_readable_data(Chart, ANONYMOUS)] == ["Ouvert"]


def test_a_maker_offers_the_drafts_of_the_person_and_always_what_was_chosen():
    town = make_organisation("Grigny")
    editor = actor_of(make_member(town, Role.CONTRIBUTOR))
    for name in ("a", "b", "c"):
        make_stands(organisation=town, dataset_id=name, title=name.upper(), status=Status.DRAFT)
    make_stands(dataset_id="z", title="Z")
    make_stands(dataset_id="ailleurs", title="Ailleurs", status=Status.DRAFT)
    assert [one.title for one in offered_datasets(editor, (), 10)] == ["A", "B", "C", "Z"]
    assert [one.title for one in offered_datasets(editor, ("c",), 1)] == ["A", "C", "Z"]
    assert [one.title for one in offered_datasets(ANONYMOUS, ("c",), 10)] == ["Z"]
