"""Votes and amounts add up: against a count made by hand, in the dataset, in the figures of pages, in an indicator."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.progress import no_progress
from parvis.domains.deliberations import figures
from parvis.domains.deliberations.factories import make_act
from parvis.domains.deliberations.models import Act, Amount
from parvis.domains.deliberations.publication import COUNTED_PUBLICATION
from parvis.domains.deliberations.votes import COLUMNS, counted_rows
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.pages.figures import figures_put_forward, provided_figure
from parvis.hub.publications.services import publish_rows
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import plain_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(home):
    """Two communes with their acts of two years, drawn at random, the same at each run."""
    drawn = random.Random(91)
    places = [
        Territory.objects.create(kind="commune", code=code, name=name)
        for code, name in (("91228", "Évry"), ("91286", "Grigny"))
    ]
    towns = [make_organisation(place.name, slug=place.code, territory=place) for place in places]
    today = timezone.localdate()
    for rank in range(30):
        pour = drawn.choice([None, 0, 12, 17])
        act = make_act(
            drawn.choice(towns),
            number=f"2026-{rank}",
            date=today - timedelta(days=drawn.randrange(700)),
            matter=drawn.choice(["7.5", "7.10", "1.1", ""]),
            kind=drawn.choice(["deliberation", "deliberation", "order", "minutes"]),
            votes_for=pour,
            votes_against=None if pour is None else drawn.choice([0, 0, 3]),
            abstentions=None if pour is None else drawn.choice([0, 0, 1]),
            is_unanimous=drawn.choice([None, None, True]) if pour is None else None,
            online=rank % 7 != 0,
        )
        for _nth in range(drawn.randrange(3)):
            Amount.objects.create(act=act, cents=drawn.randrange(10**7), purpose=drawn.choice(Amount.Purpose.values))
    corrected = Act.objects.filter(live=True, amounts__purpose="grant", date__gt=today - figures.SPAN).first()
    make_act(corrected.organisation, number="2026-R", date=today, corrects=corrected)
    return towns


def counted_by_hand(acts):
    """The same table, row by row in Python."""
    table = defaultdict(Counter)
    corrected = {act.corrects_id for act in acts}
    for act in acts:
        group = table[act.organisation.name, act.date.year, act.get_kind_display(), act.matter or None]
        group["actes"] += 1
        unanimous = act.is_unanimous or bool(act.votes_for and not act.votes_against and not act.abstentions)
        group["votes_connus"] += act.votes_for is not None or act.is_unanimous is not None
        group["unanimes"] += unanimous
        group["pour"] += act.votes_for or 0
        group["contre"] += act.votes_against or 0
        group["abstentions"] += act.abstentions or 0
        for amount in act.amounts.all() if act.pk not in corrected else ():
            if amount.purpose in ("expense", "grant", "contract"):
                group["depenses"] += amount.cents / 100
            elif amount.purpose in ("income", "loan"):
                group["recettes"] += amount.cents / 100
    return table


def stated():
    return [act for act in Act.objects.filter(live=True).select_related("organisation") if act.kind != "minutes"]


def test_the_rows_are_those_counted_by_hand(bodies):
    expected = counted_by_hand(stated())
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in counted_rows(timezone.localdate())]
    keys = [(row["organisme"], row["annee"], row["nature"], row["matiere_code"]) for row in rows]
    assert len(set(keys)) == len(keys) == len(expected)
    for key, row in zip(keys, rows, strict=True):
        measures = {name: row[name] for name in COLUMNS[COLUMNS.index("actes") :]}
        assert measures == pytest.approx({name: expected[key][name] for name in measures}), key
    assert {row["matiere"] for row in rows if row["matiere_code"] == "7.10"} == {"Divers"}
    assert {row["code_commune"] for row in rows} == {"91228", "91286"}


def test_figures_are_of_twelve_months_of_one_organisation_and_of_the_commune_of_a_site(bodies):
    first = timezone.localdate() - figures.SPAN
    recent = [act for act in stated() if act.date > first]
    own = [act for act in recent if act.organisation == bodies[0]]
    sums = counted_by_hand(recent).values()
    assert provided_figure(ANONYMOUS, "actes:actes").value == len(recent)
    assert provided_figure(ANONYMOUS, "actes:actes:91228").value == len(own)
    share = sum(row["unanimes"] for row in sums) / sum(row["votes_connus"] for row in sums)
    assert provided_figure(ANONYMOUS, "actes:unanimite").value == pytest.approx(share * 100)
    spent = sum(row["depenses"] for row in sums)
    assert provided_figure(ANONYMOUS, "actes:depenses").value == pytest.approx(spent)
    delays = [(timezone.localdate() - act.date).days for act in recent]
    assert provided_figure(ANONYMOUS, "actes:delai").value == median(delays)
    place = bodies[0].territory
    with looking_through(Lens(place.pk, place.name, (place.code,))):
        assert provided_figure(ANONYMOUS, "actes:actes").value == len(own)
    with pytest.raises(NotFound):
        provided_figure(ANONYMOUS, "actes:actes:ailleurs")
    home = figures_put_forward(ANONYMOUS, keys=["actes:depenses", "actes:rien", "actes:actes:91228"])
    assert [figure.label for figure in home] == ["Dépenses décidées", "Actes mis en ligne"]


def test_a_portal_without_acts_says_that_there_is_no_figure(home):
    texts = [provided_figure(ANONYMOUS, f"actes:{key}").text for key in figures.FIGURES]
    assert texts == ["0", "—", "—", "—"]


def test_an_indicator_is_made_over_acts_in_the_back_office(bodies):
    dataset = publish_rows(OPERATOR, COUNTED_PUBLICATION, timezone.localdate(), no_progress)
    types = {column.name: str(column.type) for column in shape_of(dataset)}
    assert (types["matiere_code"], types["depenses"], types["annee"]) == ("text", "double", "int")
    client = Client()
    client.force_login(make_member(dataset.organisation, Role.STEWARD))
    fields = {
        "title": "Actes",
        "question": "Combien ?",
        "method": "On compte.",
        "unit": "actes",
        "direction": "higher",
        "refresh": "publication",
        "slug": "actes",
        "organisation": dataset.organisation.slug,
        "part0-name": "actes",
        "part0-dataset": dataset.dataset_id,
        "part0-select": "sum(actes)",
        "part0-territory": "code_commune",
        "part0-period": "annee",
        "acte": "apercu",
    }
    answer = client.post("/admin/indicateurs/nouveau/", fields)
    years = Counter(act.date.year for act in stated())
    assert answer.status_code == 200
    assert f"{years[timezone.localdate().year]} actes" in plain_text(answer.content.decode()).replace("\xa0", " ")
