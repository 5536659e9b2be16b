"""What people asked for before notifications had tables of their own is there afterwards, under the same keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.pages.factories import site_of_tests

BEFORE = [("indicators", "0003_subscription_site")]
LONG_AGO = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def former(transactional_db):
    """The tables as they were; those of today afterwards."""
    executor = MigrationExecutor(connection)
    apps = executor.migrate(BEFORE).apps
    yield apps
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def today():
    executor = MigrationExecutor(connection)
    return executor.migrate(executor.loader.graph.leaf_nodes()).apps


def rows(apps, name: str, *columns: str):
    return list(apps.get_model("notifications", name).objects.order_by("pk").values_list(*columns))


def test_every_row_is_moved_with_its_key_its_date_and_what_it_saw_last(former):
    organisation = make_organisation("Lisses")
    person = make_member(organisation, Role.STEWARD)
    models = {
        name: former.get_model("indicators", name) for name in ("Indicator", "Board", "Recipient", "Subscription")
    }
    models |= {name: former.get_model("indicators", name) for name in ("Outgoing", "Asking", "SourceNotice")}
    site = site_of_tests()
    indicator = models["Indicator"].objects.create(
        slug="places", title="Places", definition={}, organisation_id=organisation.pk
    )
    board = models["Board"].objects.create(person_id=person.pk, name="Mon mandat", slugs=["places"])
    recipient = models["Recipient"].objects.create(email="habitante@exemple.fr")
    models["Recipient"].objects.update(created=LONG_AGO)
    requests = [
        {
            "key": "alert",
            "indicator": indicator,
            "side": "above",
            "number": 12.5,
            "is_beyond": True,
            "site_id": site.pk,
        },
        {"key": "slugs", "slugs": ["places", "prix"], "territory": "91228", "last_week": "2026-W09"},
        {"key": "board", "board": board},
    ]
    for facts in requests:
        models["Subscription"].objects.create(recipient=recipient, confirmed=LONG_AGO, **facts)
    models["Subscription"].objects.update(created=LONG_AGO)
    alert = models["Subscription"].objects.get(key="alert")
    models["Outgoing"].objects.create(kind="alert", subscription=alert, facts={"value": 7}, attempts=3, due=LONG_AGO)
    models["Outgoing"].objects.create(kind="source", person_id=person.pk, facts={"slugs": ["places"]}, due=LONG_AGO)
    models["Asking"].objects.create(mark="a" * 64, at=LONG_AGO)
    models["SourceNotice"].objects.create(indicator=indicator, person_id=person.pk, mark="late-2026-01-01")
    former.get_model("jobs", "Job").objects.create(kind="indicators.post", arguments={"later": True})

    apps = today()

    assert rows(apps, "Recipient", "email", "created") == [("habitante@exemple.fr", LONG_AGO)]
    columns = ("key", "kind", "target", "details", "mark", "site", "created", "confirmed")
    dated = (LONG_AGO, LONG_AGO)
    bound = {"side": "above", "number": 12.5, "territory": ""}
    chosen = {"slugs": ["places", "prix"], "territory": "91228"}
    assert rows(apps, "Subscription", *columns) == [
        ("alert", "indicator-alert", str(indicator.pk), bound, "beyond", site.pk, *dated),
        ("slugs", "indicator-digest", "", chosen, "2026-W09", None, *dated),
        ("board", "indicator-digest", str(board.pk), {}, "", None, *dated),
    ]
    assert rows(apps, "Outgoing", "kind", "subscription__key", "person", "facts", "attempts", "due") == [
        ("indicator-alert", "alert", None, {"value": 7}, 3, LONG_AGO),
        ("indicator-source", None, person.pk, {"slugs": ["places"]}, 0, LONG_AGO),
    ]
    assert rows(apps, "ConfirmationRequest", "mark", "at") == [("a" * 64, LONG_AGO)]
    notices = rows(apps, "ToldOnce", "person", "kind", "target", "mark")
    assert notices == [(person.pk, "indicator-source", str(indicator.pk), "late-2026-01-01")]
    assert apps.get_model("jobs", "Job").objects.get().kind == "notifications.post"
    # Sequences of PostgreSQL go on from what was moved.
    apps.get_model("notifications", "Recipient").objects.create(email="autre@exemple.fr")
