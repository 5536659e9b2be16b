"""Accounts, as seen by who wants somebody else's: administrators of other organisations, strangers, thieves of a session."""

from __future__ import annotations

import re
import threading
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.core.errors import Forbidden
from parvis.hub.accounts import mails
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.models import Membership, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.services import LastAdministrator, remove_role, set_role
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import organisation_of_site
from parvis.hub.teams.services import join
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db
PASSWORD = "le parvis est pavé 91"
RESET = "/compte/password/reset/"


@pytest.fixture(autouse=True)
def fresh_limits():
    """Each test starts with no attempt counted."""
    cache.clear()
    yield
    cache.clear()


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sign_in(client: Client, person: Person, password: str = PASSWORD):
    return client.post("/compte/login/", {"login": person.email, "password": password})


def open_again(client: Client, address: str, password: str = PASSWORD):
    """A page that asks for the password first."""
    location = client.get(address)["Location"]
    assert location.startswith("/compte/reauthenticate/"), location
    return client.post(location, {"password": password, "next": address}, follow=True)


def events_of(person: Person) -> list[str]:
    return list(Entry.objects.filter(person=person, action__startswith="auth.").values_list("action", flat=True))


@pytest.fixture
def two_towns() -> SimpleNamespace:
    """Cesson keeps a site whose publisher it invited; Bray has an administrator who would like to be them."""
    territory = Territory.objects.create(kind="commune", code="77067", name="Cesson", folded="cesson")
    cesson = make_organisation("Cesson", territory=territory, kind="commune")
    bray = make_organisation("Bray")
    publisher = make_member(cesson, Role.READER, email="publie@cesson.example", password=PASSWORD)
    site = make_site(OPERATOR, territory, "cesson.localhost", parent=main_site())
    join(OPERATOR, publisher, site, Duty.PUBLISH)
    return SimpleNamespace(
        cesson=cesson,
        bray=bray,
        site=site,
        publisher=publisher,
        intruder=make_member(bray, Role.ADMINISTRATOR, email="chef@bray.example", password=PASSWORD),
    )


def adopt(towns: SimpleNamespace) -> str:
    """The administrator of Bray makes the publisher a member of Bray; the page of that person."""
    members = reverse("organisations_admin:members", args=[towns.bray.slug])
    answer = client_of(towns.intruder).post(members, {"email": towns.publisher.email, "role": "reader"})
    assert answer.status_code == 302
    return reverse("persons_admin:edit", args=[towns.publisher.pk])


# ------------------------------------------------------------------------------------------------ taking over an account


def test_who_lost_their_role_keeps_no_place_in_the_team_and_is_not_taken_over(two_towns):
    assert organisation_of_site(two_towns.site) == two_towns.cesson
    remove_role(OPERATOR, two_towns.publisher, two_towns.cesson)
    assert not two_towns.publisher.groups.exists()
    page = adopt(two_towns)
    assert client_of(two_towns.intruder).post(page, {"lien": "1"}).status_code == 403
    assert mail.outbox == []


def test_an_account_whose_groups_were_left_by_an_older_release_is_not_taken_over(two_towns):
    Membership.objects.filter(person=two_towns.publisher).delete()
    assert two_towns.publisher.groups.exists(), "as releases before 0.1.1 left them"
    page = adopt(two_towns)
    assert client_of(two_towns.intruder).post(page, {"lien": "1"}).status_code == 403
    Person.objects.filter(pk=two_towns.publisher.pk).update(invited_by=two_towns.bray)
    assert client_of(two_towns.intruder).post(page, {"lien": "1"}).status_code == 403, "the groups alone must refuse it"
    assert mail.outbox == []


def test_adding_then_removing_somebody_gives_no_hold_on_them(two_towns):
    page = adopt(two_towns)
    client = client_of(two_towns.intruder)
    assert client.post(page, {"lien": "1"}).status_code == 403
    assert client.post(page, {"retirer": "1", "organisation": two_towns.bray.slug}).status_code == 302
    assert client.post(page, {"lien": "1"}).status_code == 404
    two_towns.publisher.refresh_from_db()
    assert two_towns.publisher.invited_by == two_towns.cesson
    assert two_towns.publisher.groups.exists(), "Bray takes away nothing that Cesson gave"
    assert mail.outbox == []


def test_no_administrator_ever_sees_a_link_even_of_their_own_people(two_towns):
    member = make_member(two_towns.bray, Role.READER, email="agent@bray.example")
    page = reverse("persons_admin:edit", args=[member.pk])
    answer = client_of(two_towns.intruder).post(page, {"lien": "1"}, follow=True)
    assert answer.status_code == 200
    assert "reset/key" not in answer.content.decode()
    assert mail.outbox[0].to == [member.email]
    superuser = make_person("tout@cesson.example", is_superuser=True)
    assert "reset/key" not in client_of(superuser).post(page, {"lien": "1"}, follow=True).content.decode()


def test_without_a_mail_server_the_link_is_for_the_command_line_alone(two_towns, settings):
    settings.MAILERS = {"default": {"BACKEND": mails.CONSOLE}}
    values = {"email": "neuf@bray.example", "organisation": two_towns.bray.slug, "role": "reader"}
    page = client_of(two_towns.intruder).post(reverse("persons_admin:add"), values).content.decode()
    assert "reset/key" not in page
    assert "parvis user link" in page


def test_an_own_account_whose_address_was_changed_gets_its_link_at_the_new_one_only(two_towns):
    member = make_member(two_towns.bray, Role.READER, email="agent@bray.example")
    Person.objects.filter(pk=member.pk).update(email="ailleurs@bray.example")
    page = reverse("persons_admin:edit", args=[member.pk])
    client_of(two_towns.intruder).post(page, {"lien": "1"})
    assert [message.to for message in mail.outbox] == [["ailleurs@bray.example"]]


def test_a_role_taken_away_takes_the_restricted_groups_of_that_organisation_and_no_other(two_towns):
    groups = {name: Group.objects.create(name=name) for name in ("social", "voirie", "partage")}
    person = two_towns.publisher
    set_role(OPERATOR, person, two_towns.bray, Role.READER)
    person.groups.add(*groups.values())
    for name, organisations in (
        ("social", [two_towns.cesson]),
        ("voirie", [two_towns.bray]),
        ("partage", [two_towns.cesson, two_towns.bray]),
    ):
        for organisation in organisations:
            make_dataset(organisation=organisation, access="restricted").allowed_groups.add(groups[name])
    superuser = make_person("tout@cesson.example", is_superuser=True)
    page = client_of(superuser).get(reverse("persons_admin:edit", args=[person.pk])).content.decode()
    assert "social" in page, "what goes with the role is said before"
    remove_role(OPERATOR, person, two_towns.cesson)
    assert set(person.groups.values_list("name", flat=True)) == {"voirie", "partage"}


def test_nobody_waits_under_the_address_of_somebody_else_for_a_role(two_towns):
    """An address is one's own once a mail sent there was answered: an organisation gives roles by address."""
    member = make_member(two_towns.bray, Role.READER, email="agent@bray.example", password=PASSWORD)
    client = Client()
    sign_in(client, member)
    open_again(client, "/compte/2fa/totp/activate/")
    mail.outbox.clear()
    client.post("/compte/email/", {"action_add": "", "email": "maire@cesson.example"}, headers={"host": "localhost"})
    client.post("/compte/email/", {"action_primary": "", "email": "maire@cesson.example"})
    member.refresh_from_db()
    assert member.email == "agent@bray.example"
    assert mail.outbox[0].to == ["maire@cesson.example"]
    link = re.search(r"http://127\.0\.0\.1:8000(/compte/confirm-email/\S+)", mail.outbox[0].body)[1]
    page = Client().get(link).content.decode()
    assert "Confirmer l’adresse" in page
    Client().post(link)
    member.refresh_from_db()
    assert member.email == "maire@cesson.example", "whoever reads that mailbox is who the address names"
    assert "auth.address-changed" in events_of(member)


def test_an_address_given_to_somebody_meanwhile_is_not_taken(two_towns):
    member = make_member(two_towns.bray, Role.READER, email="agent@bray.example", password=PASSWORD)
    client = Client()
    sign_in(client, member)
    open_again(client, "/compte/2fa/totp/activate/")
    mail.outbox.clear()
    client.post("/compte/email/", {"action_add": "", "email": "maire@cesson.example"})
    link = re.search(r"http://[^/]+(/compte/confirm-email/\S+)", mail.outbox[0].body)[1]
    make_member(two_towns.cesson, Role.ADMINISTRATOR, email="maire@cesson.example")
    assert Client().post(link).status_code < 500
    member.refresh_from_db()
    assert member.email == "agent@bray.example"


def test_a_look_at_the_page_of_the_address_takes_away_no_second_factor():
    person = make_person("agent@evry.example", PASSWORD)
    client = Client()
    sign_in(client, person)
    assert client.get("/compte/email/").status_code == 200
    assert "Activer" in open_again(client, "/compte/2fa/totp/activate/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once_leave_one():
    town = make_organisation("Bray")
    pair = [make_member(town, Role.ADMINISTRATOR, email=f"chef{number}@bray.example") for number in range(2)]
    together, refused = threading.Barrier(2), []

    def remove(own: Person, other: Person) -> None:
        actor = actor_of(own)
        together.wait(20)
        try:
            remove_role(actor, other, town)
        except (LastAdministrator, Forbidden) as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=row) for row in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Membership.objects.filter(organisation=town, role=Role.ADMINISTRATOR).count() == 1
    assert len(refused) == 1


# ----------------------------------------------------------------------------------------------------- reset links, Host


@pytest.mark.parametrize("host", ["evil.localhost:8231", "evil.localhost", "localhost"])
def test_a_reset_link_and_its_subject_never_follow_the_host_of_the_request(host):
    person = make_person("agent@evry.example", PASSWORD)
    Client().post(RESET, {"email": person.email}, headers={"host": host}, SERVER_PORT="8231")
    message = mail.outbox[0]
    assert "http://127.0.0.1:8000/compte/password/reset/key/" in message.body
    assert "localhost" not in message.body + message.subject


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:31337", 400), ("127.0.0.1:8231", 200), ("127.0.0.1", 200)])
def test_a_host_is_refused_at_a_port_that_is_not_ours(host, status):
    assert Client().get("/compte/login/", headers={"host": host}, SERVER_PORT="8231").status_code == status


def test_an_unknown_address_gets_no_mail_and_the_same_answer(caplog):
    person = make_person("agent@evry.example", PASSWORD)
    answers = [Client().post(RESET, {"email": email}) for email in (person.email, "inconnu@exemple.fr")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{RESET}done/")}
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert "inconnu@exemple.fr" not in caplog.text


def test_the_request_does_the_same_work_for_a_known_and_an_unknown_address(monkeypatch):
    """What tells them apart is done after the answer, in the background."""
    person = make_person("agent@evry.example", PASSWORD)
    submitted = []
    monkeypatch.setattr(mails._senders, "submit", lambda *work: submitted.append(work[-1]))
    counts = []
    for email in (person.email, "inconnu@exemple.fr"):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(RESET, {"email": email})
        counts.append(len(queries))
    assert submitted == [person.email, "inconnu@exemple.fr"]
    assert counts[0] == counts[1]


def test_links_are_sent_five_times_an_hour_for_one_account_whoever_asks():
    person = make_person("agent@evry.example", PASSWORD)
    answers = [Client().post(RESET, {"email": person.email}, REMOTE_ADDR=f"203.0.113.{n}") for n in range(8)]
    assert len(mail.outbox) == 5
    assert answers[-1].status_code == 429


def test_one_caller_has_no_mail_gun():
    people = [make_person(f"agent{n}@evry.example", None) for n in range(40)]
    for person in people:
        Client().post(RESET, {"email": person.email})
    assert len(mail.outbox) == 30


# ------------------------------------------------------------------------------------------------------- second factor


def test_a_superuser_without_second_factor_reaches_nothing_before_setting_one(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SUPERUSER_SECOND_FACTOR": True}
    boss = make_person("tout@evry.example", PASSWORD, is_superuser=True)
    client = Client()
    sign_in(client, boss)
    for address in ("/admin/", "/admin/personnes/", "/admin/journal/", "/admin/pages/", "/compte/cles/"):
        assert client.get(address)["Location"] == "/compte/2fa/", address
    assert client.post("/compte/cles/", {"name": "voleur", "scope": "read"})["Location"] == "/compte/2fa/"
    assert (
        "second facteur" in client.get("/compte/2fa/").content.decode()
        or "Double auth" in client.get("/compte/2fa/").content.decode()
    )
    TOTP.activate(boss, "JBSWY3DPEHPK3PXP")
    assert client.get("/admin/").status_code == 200


def test_a_contributor_needs_no_second_factor(settings, two_towns):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SUPERUSER_SECOND_FACTOR": True}
    assert client_of(two_towns.intruder).get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_SUPERUSER_SECOND_FACTOR": True}
    boss = make_person("tout@evry.example", PASSWORD, is_superuser=True)
    Authenticator.objects.create(user=boss, type="recovery_codes", data={"seed": "ab" * 20, "used_mask": 0})
    assert client_of(boss).get("/admin/")["Location"] == "/compte/2fa/"


def test_the_database_holds_no_readable_secret_of_a_second_factor():
    person = make_person("agent@evry.example", PASSWORD)
    client, secret = Client(), ""
    sign_in(client, person)
    page = open_again(client, "/compte/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code class=\"bo-breakable\">(\w+)</code>", page)[1]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/compte/2fa/totp/activate/", {"code": code}).status_code == 302
    rows = {row.type: row.data for row in Authenticator.objects.filter(user=person)}
    assert rows["totp"]["secret"].startswith("fernet:")
    assert rows["recovery_codes"]["seed"].startswith("fernet:")
    assert secret not in str(rows)
    cache.clear()  # the same code is not taken twice
    assert "2fa/authenticate" in sign_in(other := Client(), person)["Location"]
    assert other.post("/compte/2fa/authenticate/", {"code": code})["Location"] == "/admin/"


def test_passkeys_are_offered_without_any_script_of_the_page_itself():
    person = make_person("agent@evry.example", PASSWORD)
    client = Client()
    sign_in(client, person)
    answer = open_again(client, "/compte/2fa/webauthn/add/")
    page = answer.content.decode()
    assert "Ajouter une clé d’accès" in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all(" src=" in words or "application/json" in words for words in scripts)


# ------------------------------------------------------------------------------------------------------------- sessions


def aged(client: Client, **values: int) -> None:
    session = client.session
    for name, seconds in values.items():
        session[name] = session[name] - seconds
    session.save()


def test_a_session_ends_two_hours_after_its_last_use_and_twelve_after_its_beginning():
    person = make_person("agent@evry.example", PASSWORD)
    for name, seconds in (("parvis_seen", 7_201), ("parvis_began", 12 * 3600 + 1)):
        client = Client()
        sign_in(client, person)
        assert client.get("/compte/").status_code == 200
        aged(client, **{name: seconds - 120})
        assert client.get("/compte/").status_code == 200
        aged(client, **{name: seconds})
        assert client.get("/compte/").status_code == 302
        assert "auth.session-expired" in events_of(person)


def test_a_stolen_session_is_seen_and_ended_by_its_owner():
    person = make_person("agent@evry.example", PASSWORD)
    own, stolen = Client(headers={"user-agent": "Mozilla Firefox/140.0 Linux"}), Client(REMOTE_ADDR="198.51.100.7")
    for client in (own, stolen):
        sign_in(client, person)
    page = own.get("/compte/").content.decode()
    assert "198.51.100.7" in page
    assert "Firefox, Linux" in page
    number = re.search(r'name="session" value="(\d+)"', page)[1]
    other = make_person("autre@evry.example", PASSWORD)
    client_of(other).post("/compte/", {"session": number})
    assert stolen.get("/compte/").status_code == 200, "nobody ends the sessions of others"
    own.post("/compte/", {"session": number})
    assert stolen.get("/compte/").status_code == 302
    assert own.get("/compte/").status_code == 200


@pytest.mark.parametrize("act", ["others", "password", "reset", "factor"])
def test_every_other_session_ends(act):
    person = make_person("agent@evry.example", PASSWORD)
    own, stolen = Client(), Client()
    for client in (own, stolen):
        sign_in(client, person)
        client.get("/compte/")
    new = "une autre phrase 4567"
    if act == "others":
        own.post("/compte/", {"autres": "1"})
    elif act == "password":
        own.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    elif act == "factor":
        page = open_again(own, "/compte/2fa/totp/activate/").content.decode()
        secret = re.search(r"<code class=\"bo-breakable\">(\w+)</code>", page)[1]
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.db.transaction.on_commit", lambda work, *_a, **_k: work())
            own.post("/compte/2fa/totp/activate/", {"code": code})
    else:
        visitor = Client()
        visitor.post(RESET, {"email": person.email})
        link = re.search(r"http://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[0].body)[1]
        form = visitor.get(visitor.get(link)["Location"])
        visitor.post(form.wsgi_request.path, {"password1": new, "password2": new})
    assert stolen.get("/compte/").status_code == 302
    assert own.get("/compte/").status_code == (302 if act == "reset" else 200)


def test_a_session_alone_changes_neither_address_nor_second_factor(two_towns):
    client = client_of(two_towns.intruder)  # signed in long ago: no password was just given
    for address in ("/compte/2fa/totp/activate/", "/compte/2fa/webauthn/add/"):
        assert client.get(address)["Location"].startswith("/compte/reauthenticate/"), address
    answer = client.post("/compte/email/", {"action_add": "", "email": "voleur@exemple.fr"})
    assert answer["Location"].startswith("/compte/reauthenticate/")


# --------------------------------------------------------------------------------------------------------------- events


def test_each_event_leaves_a_line_of_the_log_and_one_the_person_sees(caplog):
    caplog.set_level("INFO", logger="parvis.auth")
    person = make_person("agent@evry.example", PASSWORD)
    client = Client(REMOTE_ADDR="203.0.113.9")
    sign_in(client, person, "faux mot de passe")
    sign_in(client, person)
    client.post("/compte/cles/", {"name": "essai", "scope": "read-public"})
    new = "une autre phrase 4567"
    client.post("/compte/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post("/compte/logout/")
    client.post(RESET, {"email": person.email})
    expected = {
        "auth.sign-in-failed",
        "auth.sign-in",
        "auth.key-made",
        "auth.password-changed",
        "auth.sign-out",
        "auth.reset-asked",
    }
    lines = [record.getMessage() for record in caplog.records if record.name == "parvis.auth"]
    assert {line.split()[0] for line in lines} >= expected
    assert all("address=203.0.113.9" in line and f"account={person.email}" in line for line in lines)
    assert set(events_of(person)) >= expected
    for secret in (PASSWORD, "faux mot de passe", new, "reset/key"):
        assert secret not in caplog.text
    page = (sign_in(client, person, new), client.get("/compte/"))[1].content.decode()
    for words in ("Connexion refusée", "Mot de passe changé", "Clé d’API créée", "203.0.113.9"):
        assert words in page


def test_a_password_typed_as_an_address_is_not_logged(caplog):
    caplog.set_level("INFO", logger="parvis.auth")
    Client().post("/compte/login/", {"login": "motdepasse@secret.example", "password": "x"})
    assert "auth.sign-in-failed person=none" in caplog.text
    assert "motdepasse@secret.example" not in caplog.text


def test_a_wrong_code_leaves_its_line():
    person = make_person("agent@evry.example", PASSWORD)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client = Client()
    sign_in(client, person)
    client.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert "auth.factor-failed" in events_of(person)
    assert "auth.sign-in" not in events_of(person)


def test_thousands_of_failures_do_not_fill_the_journal(monkeypatch):
    person = make_person("agent@evry.example", PASSWORD)
    for number in range(30):
        cache.clear()
        Client().post("/compte/login/", {"login": person.email, "password": "x"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert events_of(person).count("auth.sign-in-failed") == 20


# --------------------------------------------------------------------------------------------------- caches and cookies


def test_no_cache_keeps_what_somebody_signed_in_was_shown(two_towns):
    dataset = make_dataset(organisation=two_towns.bray, access="internal", status="published")
    client = client_of(two_towns.intruder)
    for address in ("/compte/", "/compte/email/", "/compte/2fa/", "/compte/login/", "/admin/", "/admin/personnes/"):
        control = client.get(address).headers.get("Cache-Control", "")
        assert "private" in control, address
        assert "no-store" in control, address
    assert "private" in client.get(f"/explore/dataset/{dataset.dataset_id}/")["Cache-Control"]
    assert not Client().get("/explore/").has_header("Cache-Control")


def test_what_goes_out_with_the_cookie_of_a_session_is_for_no_shared_cache(two_towns):
    assert "public" in Client().get("/theme.css")["Cache-Control"]
    client = client_of(two_towns.intruder)
    answer = client.get("/theme.css")
    assert "sessionid" in answer.cookies
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_page_of_the_portal_cannot_run_jsonp_and_another_site_can():
    address = "/api/datasets/1.0/search/?format=jsonp&callback=alert"
    own = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "script"}
    refused = Client().get(address, headers=own)
    assert refused.status_code == 403
    assert "alert" not in refused.content.decode()
    for headers in ({}, {"sec-fetch-site": "cross-site", "sec-fetch-dest": "script"}):
        answer = Client().get(address, headers=headers)
        assert answer.content.startswith(b"/**/alert(")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "Sec-Fetch-Site" in answer["Vary"]
    assert Client().get("/api/explore/v2.1/catalog/datasets?format=jsonp&callback=alert").content[:8] != b"/**/aler"
