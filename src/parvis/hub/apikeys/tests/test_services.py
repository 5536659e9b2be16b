"""Making, using and revoking keys."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys import selectors
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import (
    MOST_KEYS,
    BadDatasets,
    BadExpiry,
    BadKeyName,
    Credential,
    NoExpiry,
    NoOrganisation,
    Scope,
    TooManyKeys,
    WrongKey,
)
from parvis.hub.apikeys.services import create_key, note_use, revoke_key
from parvis.hub.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_organisation("Évry")


def test_the_secret_of_a_key_is_stored_nowhere(town):
    person = make_member(town, Role.CONTRIBUTOR)
    key, secret = create_key(actor_of(person), person, "Tableau  de bord ", scope=Scope.READ, organisation=town)
    assert key.name == "Tableau de bord"
    assert secret.startswith(key.start)
    everything = [str(row) for row in ApiKey.objects.values()] + [str(row) for row in Entry.objects.values()]
    assert not any(secret in row or secret[len(key.start) :] in row for row in everything)
    assert selectors.live_key(Credential(secret)) == key
    assert Entry.objects.get(action="key.create").person_id == person.pk


def test_expired_revoked_unknown_and_ownerless_keys_open_nothing(town):
    person = make_member(town, Role.READER)
    now = timezone.now()
    good, secret = create_key(actor_of(person), person, "un", expires=now + timedelta(days=1))
    assert selectors.live_key(Credential(secret)) == good
    ApiKey.objects.filter(pk=good.pk).update(expires=now - timedelta(seconds=1))
    revoked, other = create_key(actor_of(person), person, "deux")
    revoke_key(actor_of(person), revoked)
    ownerless, third = create_key(OPERATOR, closed := make_person(), "trois")
    closed.is_active = False
    closed.save()
    for wrong in (secret, other, third, ownerless.start, "", "parvis_" + "x" * 43, "é" * 10_000, "\udce9"):
        with pytest.raises(WrongKey):
            selectors.live_key(Credential(wrong))


def test_people_make_keys_for_themselves_alone(town):
    ada, bob = make_member(town, Role.ADMINISTRATOR), make_member(town, Role.READER)
    with pytest.raises(Forbidden):
        create_key(actor_of(ada), bob, "pour Bob")
    with pytest.raises(Forbidden):
        create_key(actor_of(bob), bob, "ailleurs", organisation=make_organisation())
    key, secret = create_key(actor_of(bob), bob, "lecture", scope=Scope.READ)
    by_key = selectors.actor_by_key(selectors.live_key(Credential(secret)))
    with pytest.raises(Forbidden):
        create_key(by_key, bob, "une clé n’en fait pas une autre")
    with pytest.raises(Forbidden):
        revoke_key(by_key, key)


def test_names_and_dates_that_make_no_sense_are_refused(town):
    person = make_member(town, Role.READER)
    for name in ("", "   ", "x" * 81):
        with pytest.raises(BadKeyName):
            create_key(actor_of(person), person, name)
    with pytest.raises(BadExpiry):
        create_key(actor_of(person), person, "hier", expires=timezone.now() - timedelta(days=1))


def test_nobody_multiplies_their_quota_by_keys_without_end(town):
    person = make_member(town, Role.READER)
    keys = [create_key(actor_of(person), person, f"clé {n}")[0] for n in range(MOST_KEYS)]
    with pytest.raises(TooManyKeys):
        create_key(actor_of(person), person, "une de trop")
    revoke_key(actor_of(person), keys[0])
    create_key(actor_of(person), person, "à sa place")


def test_administrators_see_and_revoke_the_keys_of_their_organisation_and_no_other(town):
    admin, member = make_member(town, Role.ADMINISTRATOR), make_member(town, Role.CONTRIBUTOR)
    stranger = make_member(make_organisation(), Role.ADMINISTRATOR)
    key, _secret = create_key(actor_of(member), member, "import", scope=Scope.READ)
    assert list(selectors.keys_administered_by(actor_of(admin))) == [key]
    assert list(selectors.keys_administered_by(actor_of(stranger))) == []
    with pytest.raises(NotFound):
        selectors.key(actor_of(stranger), key.pk)
    with pytest.raises(Forbidden):
        revoke_key(actor_of(stranger), key)
    revoked = revoke_key(actor_of(admin), selectors.key(actor_of(admin), key.pk))
    assert revoked.revoked_by == str(admin)
    first = revoked.revoked
    assert revoke_key(actor_of(member), revoked).revoked == first
    assert Entry.objects.filter(action="key.revoke").count() == 1


def test_the_day_of_last_use_is_written_once_a_day(town, django_assert_num_queries):
    person = make_member(town, Role.READER)
    key, secret = create_key(actor_of(person), person, "script")
    today = timezone.now().date()
    with django_assert_num_queries(1):
        note_use(key, today)
    again = selectors.live_key(Credential(secret))
    assert again.last_used == today
    with django_assert_num_queries(0):
        note_use(again, today)


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"expires": None}, NoExpiry),
        ({"expires": timezone.now() + timedelta(days=367)}, NoExpiry),
        ({"organisation": None}, NoOrganisation),
        ({"scope": Scope.ADMINISTER, "organisation": None}, NoOrganisation),
        ({"scope": Scope.READ, "datasets": ["arbres"]}, BadDatasets),
        ({"scope": Scope.ADMINISTER, "datasets": ["arbres"]}, BadDatasets),
        ({"datasets": [f"jeu-{number}" for number in range(101)]}, BadDatasets),
    ],
)
def test_a_key_that_writes_has_an_end_an_organisation_and_sensible_limits(town, facts, error):
    person = make_member(town, Role.ADMINISTRATOR)
    wanted_facts = {"scope": Scope.WRITE, "organisation": town, "expires": timezone.now() + timedelta(days=30), **facts}
    with pytest.raises(error):
        create_key(actor_of(person), person, "écrire", **wanted_facts)
    assert not ApiKey.objects.exists()


def test_who_only_reads_there_makes_no_key_that_writes(town):
    reader = make_member(town, Role.READER)
    end = timezone.now() + timedelta(days=30)
    with pytest.raises(Forbidden):
        create_key(actor_of(reader), reader, "écrire", scope=Scope.WRITE, organisation=town, expires=end)
