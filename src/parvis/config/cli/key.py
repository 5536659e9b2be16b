"""``parvis key``: API keys."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone

from parvis.config.cli.organisations import find_organisation
from parvis.core.errors import NotFound, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import person_by_email
from parvis.hub.apikeys import selectors
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.catalogue.selectors import dataset

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Person
    from parvis.hub.apikeys.models import ApiKey

MOST_DAYS = 36_500


class BadDate(RequestError):
    """Neither a date nor a number of days."""

    code: ClassVar[str] = "key-date"
    sentence: ClassVar[str] = gettext_noop("« {text} » n’est ni une date (AAAA-MM-JJ) ni un nombre de jours.")


def run(args: Namespace) -> None:
    """Create, list or revoke keys."""
    ACTS[args.act](args)


def _create(args: Namespace) -> None:
    key, secret = create_key(
        OPERATOR,
        _person(args.person),
        args.name,
        scope=Scope(args.scope),
        organisation=find_organisation(args.organisation) if args.organisation else None,
        expires=_end_of(args.expires) if args.expires else None,
        datasets=[dataset(OPERATOR, name).dataset_id for name in args.dataset],
    )
    if args.json:
        print(json.dumps({**_facts(key), "key": secret}, ensure_ascii=False))
        return
    print(f"Clé n° {key.pk} créée pour {key.person.email} : {key.name}")
    print(f"Clé (affichée cette seule fois) : {secret}")


def _list(args: Namespace) -> None:
    keys = selectors.keys_administered_by(OPERATOR)
    if args.person:
        keys = keys.filter(person=_person(args.person))
    if args.json:
        print(json.dumps([_facts(key) for key in keys], ensure_ascii=False))
        return
    for key in keys:
        used = f"servie le {key.last_used}" if key.last_used else "jamais servie"
        print(f"{key.pk}\t{key.start}…\t{key.name}\t{key.person.email}\t{key.scope}\t{_state(key)}\t{used}")


def _revoke(args: Namespace) -> None:
    key = revoke_key(OPERATOR, selectors.key_by_start(OPERATOR, args.key))
    print(json.dumps(_facts(key), ensure_ascii=False) if args.json else f"Clé n° {key.pk} révoquée : {key.name}")


ACTS = {"create": _create, "list": _list, "revoke": _revoke}


def _person(email: str) -> Person:
    person = person_by_email(email)
    if person is None:
        raise NotFound(name=email)
    return person


def _end_of(text: str) -> datetime:
    """The end of the last day of use, in the time zone of the instance."""
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_DAYS:
        day = timezone.localdate() + timedelta(days=int(text))
    else:
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise BadDate(text=text) from error
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _state(key: ApiKey) -> str:
    if key.revoked:
        return "révoquée"
    if not key.is_live:
        return "expirée"
    return f"jusqu’au {timezone.localtime(key.expires):%Y-%m-%d}" if key.expires else "en service"


def _facts(key: ApiKey) -> dict[str, Any]:
    def moment(value: datetime | None) -> str | None:
        return value.astimezone(UTC).isoformat(timespec="seconds") if value else None

    return {
        "id": key.pk,
        "start": key.start,
        "name": key.name,
        "person": key.person.email,
        "organisation": key.organisation.slug if key.organisation else None,
        "scope": key.scope,
        "datasets": key.datasets,
        "created": moment(key.created),
        "expires": moment(key.expires),
        "last_used": key.last_used.isoformat() if key.last_used else None,
        "revoked": moment(key.revoked),
        "live": key.is_live,
    }
