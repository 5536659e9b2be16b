"""What comes by a link, a folder or any other way is judged, let through or made to wait; both sides are told, once."""

from __future__ import annotations

import base64
import io
import os
import time
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Version
from parvis.hub.catalogue.services import create_dataset, publish
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.services import append, open_deposit, run_import_here, start_import
from parvis.hub.deliveries import folder
from parvis.hub.deliveries.models import Delivery
from parvis.hub.deliveries.rules import (
    MOST_FILES_A_DAY,
    AlreadyExpected,
    BadPostponement,
    DeliveryDecided,
    ReasonNeeded,
    Standing,
    State,
    WordsNeeded,
)
from parvis.hub.deliveries.selectors import board, due_for, link_at, token_of
from parvis.hub.deliveries.services import (
    accept,
    change,
    expect,
    expect_no_more,
    make_link,
    move_due,
    refuse,
    revoke_link,
)
from parvis.hub.deliveries.tasks import remind, tell_late
from parvis.hub.jobs.worker import drain
from parvis.hub.notifications.outbox import post_due
from parvis.hub.quality.models import Notice
from parvis.hub.quality.notices import observe_all

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html"}


def table(rows: int, heads: str = "code;nom;places", start: int = 1) -> bytes:
    """A file of so many rows."""
    lines = [f"{n:05d};Parking {n};{n % 90 + 10}" for n in range(start, start + rows)]
    return "\n".join([heads, *lines, ""]).encode()


@pytest.fixture
def owner():
    return make_organisation("Ville de Lisses", slug="lisses")


@pytest.fixture
def steward(owner):
    return actor_of(make_member(owner, Role.STEWARD, email="responsable@lisses.example"))


@pytest.fixture
def mails(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25", "PARVIS_NOTICE_MAILS": True}
    return mail.outbox


@pytest.fixture
def expectation(owner, steward, mails):
    """A published dataset of a hundred rows, expected each month of a delegatee."""
    dataset = create_dataset(steward, owner, "parkings", {"title": "Parkings", "description": "<p>Les places.</p>"})
    imported_here(steward, dataset, table(100))
    dataset.refresh_from_db()
    facts = {"sender": "Parcs SA", "sender_emails": ["fichiers@parcs.example"], "begins": timezone.localdate()}
    return expect(steward, owner, dataset, "", {**facts, "every": "month", "day": 28})


@pytest.fixture
def link(steward, expectation):
    return make_link(steward, expectation)


def imported_here(actor, dataset, body: bytes, name: str = "parkings.csv", **choices) -> Import:
    deposit = open_deposit(actor, name, len(body))
    append(actor, deposit, 0, io.BytesIO(body))
    imported = start_import(actor, deposit=deposit, dataset=dataset, publish=True, **choices)
    return run_import_here(actor, imported)


def send(link, body: bytes, name: str = "parkings.csv", token: str = "", client: Client | None = None):
    """What a browser without JavaScript sends, and what it is answered."""
    form = {"fichier": SimpleUploadedFile(name, body), "jeton": token}
    return (client or Client()).post(reverse("delivery-link", args=[token_of(link)]), form, headers=PAGE)


def sent(link, body: bytes, name: str = "parkings.csv") -> Delivery:
    """The same, once it was read."""
    answer = send(link, body, name)
    assert answer.status_code == 302, answer.content.decode()[:500]
    drain()
    return Delivery.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def codes(delivery: Delivery) -> list[str]:
    return [finding["code"] for finding in delivery.findings]


def letters(outbox) -> list[tuple[str, str]]:
    """Who was written to, and of what, since the last look."""
    post_due()
    seen = [(letter.to[0], letter.subject) for letter in outbox]
    outbox.clear()
    return seen


def online_rows(expectation) -> int:
    expectation.dataset.refresh_from_db()
    return expectation.dataset.current.rows


def test_a_file_as_it_should_be_is_published_and_nobody_is_disturbed(expectation, link, mails):
    delivery = sent(link, table(104))
    assert (delivery.state, codes(delivery), delivery.facts["rows_before"]) == (State.DELIVERED, [], 100)
    assert online_rows(expectation) == 104
    page = Client().get(reverse("delivery-verdict", args=[token_of(link), delivery.pk])).content.decode()
    assert "C’est accepté, merci" in page
    assert "104 lignes (100 la fois précédente), 3 colonnes" in page
    assert letters(mails) == []


def test_forty_percent_fewer_rows_wait_for_a_decision_and_both_sides_are_told_once(expectation, link, mails, steward):
    delivery = sent(link, table(60))
    assert (delivery.state, codes(delivery), online_rows(expectation)) == (State.WAITING, ["fewer-rows"], 100)
    addressees = [address for address, _subject in letters(mails)]
    assert addressees == ["fichiers@parcs.example", "responsable@lisses.example"]
    again = sent(link, table(59))
    delivery.refresh_from_db()
    assert (delivery.state, again.state, letters(mails)) == (State.REPLACED, State.WAITING, []), "the same is told once"
    assert Version.objects.filter(dataset=expectation.dataset).count() == 2, "what gave way takes no room"
    accept(steward, again)
    assert online_rows(expectation) == 59
    assert letters(mails) == [("fichiers@parcs.example", "Livraison acceptée : Parkings")]
    with pytest.raises(DeliveryDecided):
        accept(steward, again)
    with pytest.raises(DeliveryDecided):
        refuse(steward, again, "trop tard")


def test_a_refusal_says_why_and_is_never_published(expectation, link, mails, steward):
    delivery = sent(link, table(20))
    letters(mails)
    with pytest.raises(WordsNeeded):
        refuse(steward, delivery, "  ")
    refuse(steward, delivery, "Il manque le nord de la ville.")
    post_due()
    [letter] = mails
    assert (letter.to, letter.subject) == (["fichiers@parcs.example"], "Livraison refusée : Parkings")
    assert "Il manque le nord de la ville." in letter.body
    assert reverse("delivery-link", args=[token_of(link)]) in letter.body
    page = Client().get(reverse("delivery-verdict", args=[token_of(link), delivery.pk])).content.decode()
    assert "Il manque le nord de la ville." in page
    with pytest.raises(Exception, match="refusée"):
        publish(OPERATOR, expectation.dataset, delivery.version)
    assert sent(link, table(101)).state == State.DELIVERED
    delivery.refresh_from_db()
    assert (delivery.version, online_rows(expectation)) == (None, 101)


def test_odd_files_say_what_is_odd(link, expectation):
    renamed = sent(link, table(100, "code;libellé;places"))
    assert codes(renamed) == ["column-renamed"]
    gone = sent(link, b"code;nom\n" + b"".join(b"%05d;P %d\n" % (n, n) for n in range(100)))
    assert codes(gone) == ["column-gone"]
    emptied = sent(link, b"code;nom;places\n" + b"".join(b"%05d;P %d;\n" % (n, n) for n in range(100)))
    assert codes(emptied) == ["column-emptied"]
    assert codes(sent(link, table(100))) == ["same-file"]
    assert online_rows(expectation) == 100


def test_files_that_cannot_be_read_are_told_and_leave_nothing(link, expectation, mails):
    for body in (b"", b"code;nom;places\n"):
        delivery = sent(link, body)
        assert delivery.state in (State.UNREADABLE, State.WAITING), delivery.state
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parkings.csv", b"0;" * 40_000_000)
    delivery = sent(link, bomb.getvalue(), "parkings.zip")
    assert delivery.state == State.UNREADABLE
    assert delivery.error["code"]
    assert {address for address, _subject in letters(mails)} == {"fichiers@parcs.example", "responsable@lisses.example"}
    assert online_rows(expectation) == 100


def test_pressed_twice_the_button_makes_one_delivery(link):
    first, second = (send(link, table(100, start=5), token="un-jeton") for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Delivery.objects.count() == Import.objects.filter(person=None, publish=True).count() == 1


def test_a_link_that_is_closed_takes_nothing_and_shows_nothing(link, expectation, steward):
    address = reverse("delivery-link", args=[token_of(link)])
    assert Client().get(address).status_code == 200
    assert Client().get(address.replace(token_of(link)[-4:], "AAAA")).status_code == 404
    announced = announce(link, 100)
    revoke_link(steward, link)
    assert Client().get(address).status_code == 410
    assert send(link, table(3)).status_code == 410
    assert Client().patch(announced["Location"], b"x", headers=PIECE).status_code == 410
    assert not Deposit.objects.exists(), "what was coming is thrown away"
    late = make_link(steward, expectation, expires=timezone.now() - timedelta(seconds=1))
    assert send(late, table(3)).status_code == 410


PIECE = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


def announce(link, size: int):
    name = base64.b64encode("été.csv".encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    return Client().post(reverse("delivery-upload", args=[token_of(link)]), headers=headers)


def test_a_file_comes_in_pieces_by_its_own_link_alone(link, expectation, steward):
    body = table(100, start=7)
    place = announce(link, len(body))["Location"]
    other = place.replace(token_of(link), token_of(make_link(steward, expectation)))
    kind = "application/offset+octet-stream"
    assert Client().patch(other, body, content_type=kind, headers=PIECE).status_code == 404
    assert Client().patch(place, body[:50], content_type=kind, headers=PIECE).status_code == 204
    rest = {**PIECE, "Upload-Offset": "50"}
    assert Client().patch(place, body[50:], content_type=kind, headers=rest).status_code == 204
    answers = {Client().post(f"{place}suite/")["Location"] for _time in range(2)}
    drain()
    delivery = Delivery.objects.get()
    assert answers == {reverse("delivery-verdict", args=[token_of(link), delivery.pk])}
    assert (delivery.state, delivery.file) == (State.DELIVERED, "été.csv")


def test_a_link_is_bounded_in_a_day_and_in_what_it_receives_at_once(link):
    for _time in range(4):
        announce(link, 1000)
    assert Deposit.objects.count() == 2
    Delivery.objects.bulk_create(
        Delivery(expectation=link.expectation, link=link, due=timezone.localdate(), state=State.REFUSED)
        for _time in range(MOST_FILES_A_DAY)
    )
    answer = send(link, table(3))
    assert answer.status_code == 429
    assert "Ce lien a déjà reçu" in answer.content.decode()


def test_a_program_sends_a_file_with_the_address_alone(link):
    form = {"fichier": SimpleUploadedFile("parkings.csv", table(100, start=9))}
    answer = Client().post(reverse("delivery-link", args=[token_of(link)]), form, headers={"accept": "*/*"})
    assert answer.status_code == 202
    drain()
    state = Client().get(f"{urlsplit(answer.json()['address']).path}etat.json").json()
    assert (state["state"], state["over"]) == ("delivered", True)


def test_what_comes_by_any_other_way_is_a_delivery_too(expectation, owner):
    contributor = actor_of(make_member(owner, Role.STEWARD, email="autre@lisses.example"))
    with pytest.raises(Exception, match="attend une décision"):
        imported_here(contributor, expectation.dataset, table(10))
    delivery = Delivery.objects.get()
    assert (delivery.way, delivery.state, codes(delivery)) == ("other", State.WAITING, ["fewer-rows"])
    assert online_rows(expectation) == 100


def test_what_is_late_then_missing_is_told_to_both_sides_once_each(expectation, link, mails, steward):
    begins = timezone.localdate().replace(day=1)
    change(steward, expectation, {"day": 10, "begins": begins, "grace": 5})
    due = begins.replace(day=10)
    for days, subject in (
        (1, "Livraison en retard : Parkings"),
        (5, None),
        (6, "Livraison manquante : Parkings"),
        (9, None),
    ):
        tell_late(due + timedelta(days=days))
        expected = [("fichiers@parcs.example", subject), ("responsable@lisses.example", subject)] if subject else []
        Delivery.objects.all().delete()
        assert letters(mails) == expected, days


def test_a_due_day_that_is_moved_is_told_why_and_counted_from(expectation, link, mails, steward):
    due, later = expectation.recurrence.due_in(timezone.localdate()), timedelta(days=2)
    if due < timezone.localdate():
        due = expectation.recurrence.after(due)
    tell_late(due + timedelta(days=1))
    assert len(letters(mails)) == 2
    for until, words, refusal in (
        (timezone.localdate() - timedelta(days=1), "Panne", BadPostponement),
        (due + timedelta(days=40), "Panne", BadPostponement),
        (due + later, " ", ReasonNeeded),
    ):
        with pytest.raises(refusal):
            move_due(steward, expectation, due, until, words)
    move_due(steward, expectation, due, due + later, "Panne de leur logiciel")
    post_due()
    assert [(letter.to[0], letter.subject) for letter in mails] == [
        ("fichiers@parcs.example", "Échéance déplacée : Parkings"),
        ("responsable@lisses.example", "Échéance déplacée : Parkings"),
    ]
    assert all("Panne de leur logiciel" in letter.body for letter in mails)
    mails.clear()
    tell_late(due + later)
    assert letters(mails) == [], "it is awaited still"
    tell_late(due + later + timedelta(days=1))
    assert len(letters(mails)) == 2, "and late anew from its new day on"
    assert due_for(expectation, due + later + timedelta(days=expectation.grace)) == due
    assert Entry.objects.get(action="delivery.move").details["reason"] == "Panne de leur logiciel"


def test_the_board_names_the_next_day_while_the_last_one_is_late(expectation):
    expectation.day, expectation.begins = 5, timezone.localdate().replace(day=1)
    due = expectation.recurrence.due_in(timezone.localdate())
    (row,) = board([expectation], due + timedelta(days=3))
    assert (row.standing, row.next_due) == (Standing.LATE, expectation.recurrence.after(due))


def test_who_sends_is_reminded_once_before_the_day(expectation, link, mails):
    due = expectation.recurrence.due_in(timezone.localdate())
    due = due if due >= timezone.localdate() else expectation.recurrence.after(due)
    assert remind(due - timedelta(days=2)) == 0, "nobody asked for it"
    expectation.remind_days = 3
    expectation.save()
    assert [remind(due - timedelta(days=days)) for days in (4, 2, 1, 0)] == [0, 1, 0, 0]
    post_due()
    [letter] = mails
    assert (letter.to, letter.subject) == (["fichiers@parcs.example"], "Bientôt attendu : Parkings")
    assert "/compte/depots/" in letter.body


def test_the_dashboard_shows_what_waits_for_a_decision_to_who_may_take_it(expectation, link, owner):
    reader, steward = make_member(owner, Role.CONTRIBUTOR), make_member(owner, Role.STEWARD)
    client = Client()
    client.force_login(steward)
    assert "Livraisons à décider" not in client.get("/admin/").content.decode()
    sent(link, table(60))
    page = client.get("/admin/").content.decode()
    assert "Livraisons à décider" in page
    assert "de lignes en moins" in page
    client.force_login(reader)
    assert "Livraisons à décider" not in client.get("/admin/").content.decode()


def test_the_folder_is_emptied_and_says_what_it_refuses(expectation, settings, tmp_path):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_DELIVERIES_FOLDER": str(tmp_path)}
    own = tmp_path / expectation.slug
    own.mkdir()
    for name in ("parkings.csv", "parkings.csv.filepart"):
        (own / name).write_bytes(table(100, start=3))
    assert folder.look_in_folder() == 0, "files that were just written are left alone"
    past = time.time() - 60
    for path in own.iterdir():
        os.utime(path, (past, past))
    assert folder.look_in_folder() == 1
    drain()
    assert sorted(path.name for path in own.iterdir()) == ["parkings.csv.filepart", "recus"]
    assert (Delivery.objects.get().state, Delivery.objects.get().way) == (State.DELIVERED, "folder")
    (own / "parkings.csv").write_bytes(bytes(range(256)) * 40)
    os.utime(own / "parkings.csv", (past, past))
    folder.look_in_folder()
    drain()
    assert [row.state for row in Delivery.objects.all()] == [State.UNREADABLE, State.DELIVERED]
    assert sorted(path.name for path in (own / "refuses").iterdir()) == ["parkings-2.csv", "parkings-2.csv.txt"]
    assert len((own / "refuses" / "parkings-2.csv.txt").read_text().split()) > 3
    observe_all()
    assert not Notice.objects.filter(event="broken"), "what is online is unharmed"


def test_a_dataset_to_come_is_a_draft_that_waits_for_its_card(owner, steward, mails):
    facts = {"sender": "Syndicat", "sender_emails": ["a@syndicat.example"], "every": "week", "day": 2}
    expectation = expect(steward, owner, None, "Tonnages collectés", facts)
    delivery = sent(make_link(steward, expectation, sent=True), table(5))
    expectation.dataset.refresh_from_db()
    assert (delivery.state, expectation.dataset.status, expectation.dataset.current) == (State.DELIVERED, "draft", None)
    assert letters(mails) == [("a@syndicat.example", "Où envoyer « Tonnages collectés »")]
    with pytest.raises(AlreadyExpected):
        expect(steward, owner, expectation.dataset, "", facts)
    expect_no_more(steward, expectation)
    assert not Delivery.objects.exists()


def test_rights_hold_on_every_act(expectation, link, owner):
    delivery = sent(link, table(10))
    contributor = actor_of(make_member(owner, Role.CONTRIBUTOR))
    for act in (
        lambda: accept(contributor, delivery),
        lambda: refuse(contributor, delivery, "non"),
        lambda: make_link(contributor, expectation),
        lambda: revoke_link(contributor, link),
        lambda: change(contributor, expectation, {"day": 3}),
        lambda: expect_no_more(contributor, expectation),
    ):
        with pytest.raises(Forbidden):
            act()
    stranger = Client()
    stranger.force_login(make_member(make_organisation(), Role.ADMINISTRATOR))
    for name, key in (("expectation", expectation.pk), ("change", expectation.pk), ("delivery", delivery.pk)):
        assert stranger.get(reverse(f"deliveries_admin:{name}", args=[key])).status_code == 404
    assert "Parkings" not in stranger.get(reverse("deliveries_admin:board")).content.decode()
    with pytest.raises(NotFound):
        link_at("0123456789abcdef")


def test_a_steward_expects_opens_a_link_and_decides_on_screen(owner, steward, mails):
    client = Client()
    client.force_login(make_member(owner, Role.STEWARD, email="ecran@lisses.example"))
    form = {
        "title": "Fréquentation",
        "organisation": owner.pk,
        "sender": "Régie",
        "sender_emails": "a@regie.example, b",
    }
    form |= {
        "every": "quarter",
        "day": 15,
        "month": 1,
        "grace": 5,
        "fewer_percent": 30,
        "remind_days": 3,
        "begins": "2026-01-01",
    }
    answer = client.post(reverse("deliveries_admin:new"), form)
    assert (answer.status_code, "« b » n’est pas une adresse" in answer.content.decode()) == (422, True)
    answer = client.post(reverse("deliveries_admin:new"), {**form, "sender_emails": "a@regie.example"})
    page = client.get(answer["Location"]).content.decode()
    assert "Chaque trimestre, le 15 du mois n° 1 au plus tard" in page
    page = client.post(answer["Location"], {"acte": "lien"}, follow=True).content.decode()
    assert "/compte/depots/" in page
    board = client.get(reverse("deliveries_admin:board")).content.decode()
    assert "Fréquentation" in board
    assert "manquante" in board
