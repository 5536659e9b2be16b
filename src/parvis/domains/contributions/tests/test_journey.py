"""Propose, see, decide, next version, still there after the next import: the whole loop, on a database and real imports."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from parvis.core.errors import Forbidden
from parvis.domains.contributions import laying
from parvis.domains.contributions.ambassadors import name_ambassador, record_of, revoke
from parvis.domains.contributions.decisions import accept, answer_back, ask_back, refuse, settle, withdraw
from parvis.domains.contributions.kinds import FOLLOW
from parvis.domains.contributions.models import Correction, Opening, Proposal
from parvis.domains.contributions.opening import KeyInUse, KeyNotUnique, change_opening, confirm_key
from parvis.domains.contributions.proposing import propose
from parvis.domains.contributions.rules import (
    AlreadyDecided,
    ContributionsClosed,
    KeyUnconfirmed,
    Kind,
    Laid,
    NoKey,
    NothingAccepted,
    NothingProposed,
    ReasonMissing,
    RowChanged,
    RowExists,
    State,
)
from parvis.domains.contributions.tests.conftest import RACKS
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.services import publish as publish_version
from parvis.hub.datastore.selectors import whole_source_of
from parvis.hub.notifications.models import Outgoing, Recipient, Subscription
from parvis.hub.visitors.rules import MOST_PER_CALLER, TooManySent, Visitor

pytestmark = pytest.mark.django_db

A1 = ("A1",)


def rows_of(table):
    """The rows online by identifier, read through the engine."""
    return {row["id"]: row for row in table().rows_where((), 100)}


def test_an_accepted_correction_is_online_and_stays_when_the_source_comes_again(
    table, visitor, decider, apply, publish
):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14", "couvert": "false"})
    assert proposal.state == State.RECEIVED
    assert proposal.row["places"] == "12"
    accept(decider, proposal)
    apply()
    assert rows_of(table)["A1"]["places"] == "14"
    assert rows_of(table)["A1"]["couvert"] == "false"
    for drift in (RACKS, RACKS.replace("Mairie", "Hôtel de ville"), RACKS + "A5;Lycée;6;oui;07/02/2021;48,65;2,35\n"):
        publish(drift)
        assert rows_of(table)["A1"]["places"] == "14", drift
    assert {one.state for one in proposal.corrections.all()} == {Laid.APPLIED}
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;14;"))
    states = {one.column: one.state for one in proposal.corrections.all()}
    assert states == {"places": Laid.SAME, "couvert": Laid.APPLIED}


def test_a_source_that_changed_asks_and_nobody_wins_by_silence(table, visitor, decider, apply, publish):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    correction = Correction.objects.get()
    assert correction.state == Laid.CONFLICT
    assert correction.theirs == {"places": "13"}
    assert rows_of(table)["A1"]["places"] == "13"
    settle(decider, correction, keeps=True)
    apply()
    assert rows_of(table)["A1"]["places"] == "14"
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    assert rows_of(table)["A1"]["places"] == "14"
    with pytest.raises(AlreadyDecided):
        settle(decider, correction, keeps=False)


def test_taking_the_source_ends_the_correction(table, visitor, decider, apply, publish):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    settle(decider, Correction.objects.get(), keeps=False)
    publish()
    assert rows_of(table)["A1"]["places"] == "12"
    assert Correction.objects.get().state == Laid.DROPPED


def test_rows_are_added_removed_and_corrected_after(table, visitor, decider, apply, publish):
    new = {"id": "A9", "nom": "Médiathèque", "places": "6", "couvert": "true", "latitude": "48.66", "longitude": "2.35"}
    accept(decider, propose(visitor, table(), Kind.ADD, changes=new))
    accept(decider, propose(visitor, table(), Kind.REMOVE, key=("A4",)))
    apply()
    assert set(rows_of(table)) == {"A1", "A2", "A3", "A9"}
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=("A9",), changes={"places": "7"}))
    apply()
    publish()
    assert set(rows_of(table)) == {"A1", "A2", "A3", "A9"}
    assert rows_of(table)["A9"]["places"] == "7"
    accept(decider, propose(visitor, table(), Kind.REMOVE, key=("A9",)))
    apply()
    assert set(rows_of(table)) == {"A1", "A2", "A3"}
    publish(RACKS.replace("A4;Stade;20", "A4;Stade;25"))
    assert "A4" in rows_of(table), "a row that changed is no longer the one that was removed"
    assert Correction.objects.get(verb="remove").state == Laid.CONFLICT


def test_a_newer_correction_of_a_cell_keeps_what_the_source_said(table, visitor, decider, apply, publish):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "16"}))
    apply()
    assert rows_of(table)["A1"]["places"] == "16"
    first, second = Correction.objects.all()
    assert (first.state, second.state, second.base) == (Laid.REPLACED, Laid.APPLIED, "12")
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "12"}))
    apply()
    publish()
    assert rows_of(table)["A1"]["places"] == "12"
    assert not Correction.objects.filter(state__in=("waiting", "applied")).exists()


def test_a_part_is_accepted_and_edited(table, visitor, decider, apply):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14", "nom": "gare rer"})
    done = accept(decider, proposal, {"nom": "Gare RER"}, answer="Merci.")
    assert done.state == State.PARTLY
    apply()
    assert rows_of(table)["A1"]["nom"] == "Gare RER"
    assert rows_of(table)["A1"]["places"] == "12"


def test_two_moderators_at_once_decide_once(table, visitor, decider, organisation, apply):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    second_view = Proposal.objects.get(pk=proposal.pk)
    other = actor_of(make_member(organisation, Role.STEWARD))
    accept(decider, proposal)
    with pytest.raises(AlreadyDecided):
        refuse(other, second_view, "Non.")
    assert Correction.objects.count() == 1
    assert Proposal.objects.get().state == State.ACCEPTED


def test_a_refusal_has_a_reason_and_a_question_its_answer(table, visitor, decider):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    with pytest.raises(ReasonMissing):
        refuse(decider, proposal, "  ")
    ask_back(decider, proposal, "Les avez-vous comptés ?")
    answer_back(proposal, "Oui, hier.")
    fresh = Proposal.objects.get()
    assert (fresh.state, fresh.reply) == (State.RECEIVED, "Oui, hier.")
    refuse(decider, fresh, "Compté ce matin : douze.")
    assert Proposal.objects.get().state == State.REFUSED
    assert {"contribution.ask-back", "contribution.refuse"} <= set(Entry.objects.values_list("action", flat=True))


def test_what_moved_on_expires_and_what_the_source_says_is_closed(table, visitor, publish, dataset):
    moved = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    lea = Recipient.objects.create(email="lea@example.org")
    Subscription.objects.create(recipient=lea, kind=FOLLOW, target=str(moved.pk), confirmed=timezone.now())
    same = propose(visitor, table(), Kind.CORRECT, key=("A2",), changes={"places": "9"})
    other = propose(visitor, table(), Kind.CORRECT, key=("A3",), changes={"places": "5"})
    gone = propose(visitor, table(), Kind.REMOVE, key=("A4",))
    publish(
        "\n".join(RACKS.replace("A1;Gare;12;", "A1;Gare;13;").replace("A2;Mairie;8", "A2;Mairie;9").splitlines()[:-1])
    )
    laying.review(dataset.pk)
    states = [Proposal.objects.get(pk=one.pk).state for one in (moved, same, other, gone)]
    assert states == [State.EXPIRED, State.ALREADY, State.RECEIVED, State.ALREADY]
    laying.review(dataset.pk)
    assert [mail.facts["proposal"] for mail in Outgoing.objects.all()] == [moved.pk], "who asked is told, once"


def test_a_row_that_changed_while_one_wrote_is_told(table, visitor, publish):
    seen = table().row_at(A1)
    publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    with pytest.raises(RowChanged):
        propose(visitor, table(), Kind.CORRECT, key=A1, seen=seen, changes={"places": "14"})


def test_what_cannot_be_proposed_is_refused(table, visitor, dataset):
    with pytest.raises(NothingProposed):
        propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "12", "id": "A7"})
    with pytest.raises(RowExists):
        propose(visitor, table(), Kind.ADD, changes={"id": "A1", "nom": "Gare"})
    with pytest.raises(NothingProposed):
        propose(visitor, table(), Kind.REMARK, text="  ")
    Opening.objects.create(dataset=dataset, kinds=["remark"])
    with pytest.raises(ContributionsClosed):
        propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    propose(visitor, table(), Kind.REMARK, text="Il en manque un.")


def test_a_key_found_in_the_values_takes_proposals_and_waits_for_a_person_to_confirm_it(
    table, visitor, dataset, decider, apply
):
    dataset.fields = {}
    dataset.save()
    assert table().key == ("id",)
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    with pytest.raises(KeyUnconfirmed):
        accept(decider, proposal)
    assert Proposal.objects.get().state == State.RECEIVED
    confirm_key(decider, table())
    accept(decider, proposal)
    apply()
    assert rows_of(table)["A1"]["places"] == "14"
    with pytest.raises(KeyInUse):
        change_opening(decider, table(), list(Kind.values), ["nom"])


def test_a_key_that_was_found_stays_that_of_its_proposals_when_it_tells_rows_apart_no_more(
    table, visitor, dataset, decider, publish
):
    dataset.fields = {}
    dataset.save()
    propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    publish(RACKS + "A2;Mairie annexe;3;non;07/02/2021;48,6541;2,3701\n")
    assert table().key == ("id",)
    with pytest.raises(KeyNotUnique):
        confirm_key(decider, table())


def test_proposals_find_their_rows_again_by_the_columns_that_the_owner_chooses(table, visitor, dataset, decider, apply):
    dataset.fields = {}
    dataset.save()
    corrected = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    nameless = propose(visitor, table(), Kind.ADD, changes={"id": "A9", "places": "3"})
    with pytest.raises(KeyNotUnique):
        change_opening(decider, table(), list(Kind.values), ["couvert"])
    change_opening(decider, table(), list(Kind.values), ["nom"])
    nameless.refresh_from_db()
    assert nameless.state == State.EXPIRED, "it does not say what tells rows apart now"
    corrected.refresh_from_db()
    assert corrected.key == ["Gare"]
    accept(decider, corrected)
    apply()
    assert rows_of(table)["A1"]["places"] == "14"


def test_rows_that_nothing_tells_apart_are_closed(table, visitor, dataset, publish):
    dataset.fields = {}
    dataset.save()
    publish(RACKS + RACKS.partition("\n")[2])
    with pytest.raises(NoKey):
        propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    propose(visitor, table(), Kind.REMARK, text="Chaque ligne y est deux fois.")


def test_rows_of_a_key_alone_are_added_and_removed_not_corrected(table, visitor, dataset, publish, decider, apply):
    dataset.fields = {}
    dataset.save()
    publish("code_insee;code_bassin\n91228;1118\n91228;1119\n77122;1118\n77122;1120\n")
    assert table().key == ("code_insee", "code_bassin")
    assert Kind.CORRECT not in table().kinds
    removed = propose(visitor, table(), Kind.REMOVE, key=("77122", "1120"))
    confirm_key(decider, table())
    accept(decider, removed)
    apply()
    assert table().manifest.rows == 3


def test_a_flood_is_bounded_and_leaves_nothing_half_written(table, visitor):
    for number in range(MOST_PER_CALLER):
        propose(visitor, table(), Kind.REMARK, text=f"Remarque {number}")
    with pytest.raises(TooManySent):
        propose(visitor, table(), Kind.REMARK, text="De trop")
    assert Proposal.objects.count() == MOST_PER_CALLER


def test_an_ambassador_needs_no_second_look_until_revoked(table, organisation, decider, apply):
    person = make_member(organisation, Role.READER, email="ambassadrice@lisses.example")
    administrator = actor_of(make_member(organisation, Role.ADMINISTRATOR))
    ambassador = name_ambassador(administrator, person, organisation, "Vigie des vélos")
    visitor = Visitor("person", proven=True, person_id=person.pk)
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    assert Proposal.objects.get(pk=proposal.pk).state == State.ACCEPTED
    assert record_of(ambassador) == (1, 1)
    revoke(administrator, ambassador)
    later = propose(visitor, table(), Kind.CORRECT, key=("A2",), changes={"places": "9"})
    assert Proposal.objects.get(pk=later.pk).state == State.RECEIVED


def test_an_ambassador_confirms_no_key(table, organisation, dataset):
    dataset.fields = {}
    dataset.save()
    person = make_member(organisation, Role.READER, email="ambassadrice@lisses.example")
    name_ambassador(actor_of(make_member(organisation, Role.ADMINISTRATOR)), person, organisation, "Vigie")
    trusted = Visitor("person", proven=True, person_id=person.pk)
    propose(trusted, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    assert Proposal.objects.get().state == State.RECEIVED


def test_an_author_takes_their_words_back_and_what_was_accepted_stays(table, visitor, decider, apply):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}, text="Je les ai comptés.")
    accept(decider, proposal)
    apply()
    withdraw(proposal)
    fresh = Proposal.objects.get()
    assert (fresh.text, fresh.person, fresh.state) == ("", None, State.ACCEPTED)
    assert rows_of(table)["A1"]["places"] == "14"


def test_coming_back_to_a_former_version_loses_nothing_accepted(table, visitor, decider, apply, publish, dataset):
    former = dataset.current
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    dataset.refresh_from_db()
    publish_version(OPERATOR, dataset, former)
    laying.dataset_published(dataset)
    assert Correction.objects.get().state == Laid.WAITING
    apply()
    assert rows_of(table)["A1"]["places"] == "14"


def test_the_lineage_tells_source_rows_from_contributed_ones(table, visitor, decider, apply, dataset):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    dataset.refresh_from_db()
    lineage = whole_source_of(dataset, dataset.current).manifest.lineage[-1]
    assert lineage == {
        "name": "overlay",
        "parameters": {"key": ["id"]},
        "rows": 1,
        "cells": 1,
        "details": {"last_line": 5, "applied": 1},
    }


def test_nobody_decides_for_another_organisation(table, visitor):
    stranger = actor_of(make_member(make_organisation(), Role.ADMINISTRATOR))
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    with pytest.raises(Forbidden):
        accept(stranger, proposal)


def test_a_hundred_proposals_and_three_drifting_imports_give_what_a_merge_by_hand_gives(
    table, decider, apply, publish, organisation
):
    """Every accepted cell is compared with a merge written in plain Python, which knows nothing of how Parvis does it."""
    draw = random.Random(20261129)
    names = ["Gare", "Mairie", "Piscine", "Stade", "Lycée"]
    source = {
        f"R{n:03}": [draw.choice(names), str(draw.randint(1, 30)), draw.choice(["oui", "non"])] for n in range(60)
    }

    def text(rows):
        return "id;nom;places;couvert\n" + "".join(f"{key};{';'.join(row)}\n" for key, row in rows.items())

    publish(text(source))
    accepted: dict[tuple[str, int], tuple[str, str]] = {}  # what the source said, what was accepted
    columns = ("nom", "places", "couvert")
    for number in range(100):
        key, rank = draw.choice(list(source)), draw.randrange(3)
        value = {0: draw.choice(names), 1: str(draw.randint(1, 30)), 2: draw.choice(["oui", "non"])}[rank]
        canonical = {"oui": "true", "non": "false"}.get(value, value)
        visitor = Visitor(f"address:{number % 5}", proven=True)
        try:
            proposal = propose(visitor, table(), Kind.CORRECT, key=(key,), changes={columns[rank]: canonical})
        except NothingProposed:
            continue
        if draw.random() < 0.8:
            accept(decider, proposal)
            base = accepted.get((key, rank), (source[key][rank], ""))[0]
            accepted[key, rank] = (base, value)
        else:
            refuse(decider, proposal, "Non.")
    apply()
    for _ in range(3):
        for key in draw.sample(list(source), 12):
            rank = draw.randrange(3)
            source[key][rank] = {0: draw.choice(names), 1: str(draw.randint(1, 30)), 2: "oui"}[rank]
        publish(text(source) if draw.random() < 0.5 else text(dict(sorted(source.items(), reverse=True))))
        expected = {key: list(row) for key, row in source.items()}
        for (key, rank), (base, value) in list(accepted.items()):
            now = source[key][rank]
            if now == value:
                del accepted[key, rank]  # the source says it: the correction is over
            elif now == base:
                expected[key][rank] = value
        shown = {key: [row[name] or "" for name in columns] for key, row in rows_of(table).items()}
        read = {"true": "oui", "false": "non"}
        assert {key: [read.get(cell, cell) for cell in row] for key, row in shown.items()} == expected


def test_exports_give_the_source_without_what_was_contributed(table, visitor, decider, apply, dataset, client):
    new = {"id": "A9", "nom": "Médiathèque", "places": "6", "couvert": "true", "latitude": "48.66", "longitude": "2.35"}
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    accept(decider, propose(visitor, table(), Kind.ADD, changes=new))
    accept(decider, propose(visitor, table(), Kind.REMOVE, key=("A4",)))
    apply()
    dataset.refresh_from_db()
    base = f"/explore/dataset/arceaux/versions/{dataset.current.name}/"
    answer = client.get(f"{base}source.csv")
    assert answer.status_code == 200
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(";")[:3] for line in lines[1:]] == [
        ["A1", "Gare", "12"],
        ["A2", "Mairie", "8"],
        ["A3", "Piscine", ""],
        ["A4", "Stade", "20"],
    ]
    contributed = b"".join(client.get(f"{base}contributions.csv").streaming_content).decode("utf-8-sig")
    assert '"[""A1""]";places;12;12;14;applied' in contributed
    page = client.get("/explore/dataset/arceaux/export/").content.decode()
    assert "Sans les contributions" in page
    assert client.get(f"{base}source.xml").status_code == 404


def test_a_version_that_nobody_changed_has_no_other_source(table, client):
    name = table().dataset.current.name
    assert client.get(f"/explore/dataset/arceaux/versions/{name}/source.csv").status_code == 404


def test_a_corrected_cell_shows_where_it_comes_from(table, visitor, decider, apply, client):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    page = client.get("/explore/dataset/arceaux/table/").content.decode()
    assert page.count("contribution acceptée)") == 1
    assert "La source dit" in page
    row = client.get('/explore/dataset/arceaux/contribuer/ligne/?cle=["A1"]').content.decode()
    assert row.count("Origine : contribution acceptée") == 1
    assert "La source dit : 12" in row
    former = client.get(
        f"/explore/dataset/arceaux/table/?version={table().dataset.versions.last().name}"
    ).content.decode()
    assert "contribution acceptée)" not in former


def test_decisions_of_a_day_take_the_place_of_no_delivery(table, visitor, decider, apply, publish, settings, dataset):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_VERSIONS_KEPT": 4}
    first = table().dataset.current.name
    second = publish(RACKS.replace("Mairie", "Hôtel de ville")).name
    for places in ("14", "15", "16", "17"):
        accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": places}))
        apply()
    names = list(dataset.versions.values_list("name", flat=True))
    assert len(names) == 4
    assert {first, second} < set(names)
    assert rows_of(table)["A1"]["places"] == "17"


def test_accepting_nothing_is_refused(table, visitor, decider):
    proposal = propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"})
    with pytest.raises(NothingAccepted):
        accept(decider, proposal, {})
    assert Proposal.objects.get().state == State.RECEIVED


def test_a_choice_made_while_a_version_is_written_is_not_undone_by_it(table, visitor, decider, apply, publish, dataset):
    accept(decider, propose(visitor, table(), Kind.CORRECT, key=A1, changes={"places": "14"}))
    apply()
    version = publish(RACKS.replace("A1;Gare;12;", "A1;Gare;13;"))
    settle(decider, Correction.objects.get(), keeps=True)
    laying.version_registered(dataset, version)  # the same verdicts, come late
    assert Correction.objects.get().state == Laid.WAITING
    apply()
    assert rows_of(table)["A1"]["places"] == "14"
