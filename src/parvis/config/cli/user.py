"""``parvis user``: accounts."""

from __future__ import annotations

import getpass
import json
import secrets
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from wagtail.models import Site

from parvis.config.cli.organisations import find_organisation
from parvis.core.errors import NotFound, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.mails import mail_is_configured, reset_link, send_invitation, wait_for_mails
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import people, person_by_email
from parvis.hub.accounts.services import add_person, add_superuser, renew_password, set_password
from parvis.hub.accounts.sessions import end_all_sessions, end_sessions
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import organisation_of_site, site_named
from parvis.hub.teams.services import join

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Person


class NoRole(RequestError):
    """Neither an organisation, nor a site, nor every right was given."""

    code: ClassVar[str] = "user-without-role"
    sentence: ClassVar[str] = gettext_noop("Ce compte n’aurait aucun droit.")
    advice: ClassVar[str] = gettext_noop("Ajoutez --organisation (et --role), --site, ou --superuser.")


class WeakPassword(RequestError):
    """The password would not hold."""

    code: ClassVar[str] = "password-weak"
    sentence: ClassVar[str] = gettext_noop("Ce mot de passe ne convient pas : {reason}")


class SiteWithoutOrganisation(RequestError):
    """A site is kept by no organisation in which its writers could have a role."""

    code: ClassVar[str] = "site-without-organisation"
    sentence: ClassVar[str] = gettext_noop("Aucune organisation ne tient le site « {site} ».")
    advice: ClassVar[str] = gettext_noop("Dites où la personne travaille : --organisation.")


class NobodyNamed(RequestError):
    """Neither an address nor everybody."""

    code: ClassVar[str] = "user-nobody"
    sentence: ClassVar[str] = gettext_noop("Dites de quels comptes il s’agit.")
    advice: ClassVar[str] = gettext_noop("Donnez des adresses, ou --all.")


def run(args: Namespace) -> None:
    """Do one of the acts of ``arguments``."""
    {"add": add, "link": show_link, "end-sessions": end, "reset": reset}[args.act](args)


def show_link(args: Namespace) -> None:
    """The link by which somebody chooses a password, shown to who has the command line and to nobody else."""
    person = _person(args.email)
    link = reset_link(person)
    note(Event.LINK_SENT, person, by=OPERATOR.name)
    if args.json:
        print(json.dumps({"email": person.email, "link": link}, ensure_ascii=False))
    else:
        print(f"{person.email} : {link}")


def end(args: Namespace) -> None:
    """End the sessions of some people, or all of them."""
    ended = end_all_sessions() if args.all else sum(end_sessions(person) for person in _people(args))
    print(json.dumps({"ended": ended}) if args.json else f"Sessions fermées : {ended}")


def reset(args: Namespace) -> None:
    """Make passwords worthless and have each person choose a new one; links are printed when there is no mail server."""
    mailed = mail_is_configured()
    rows = []
    for person in _people(args):
        renew_password(OPERATOR, person, second_factor=args.second_factor)
        link = None if mailed else reset_link(person)
        if mailed:
            send_invitation(person, OPERATOR.name)
        rows.append({"email": person.email, "mailed": mailed, "link": link})
    wait_for_mails()
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['email']} : {'lien envoyé' if mailed else row['link']}")
    print(f"Mots de passe à renouveler : {len(rows)}")


def _people(args: Namespace) -> list[Person]:
    if args.all:
        return list(people())
    if not args.emails:
        raise NobodyNamed
    return [_person(email) for email in args.emails]


def _person(email: str) -> Person:
    person = person_by_email(email)
    if person is None:
        raise NotFound(name=email)
    return person


def add(args: Namespace) -> None:
    """Create an account; its password is read, asked for on a terminal, or made and printed once.

    With ``--site``, the account joins the team of that site, with its role in the organisation that keeps it; an account
    that is there already only joins.
    """
    if not args.superuser and not args.organisation and not args.site:
        raise NoRole
    site = site_named(args.site) if args.site else None
    person, password, made = person_by_email(args.email) if site else None, "", False
    if person is None:
        password, made = _password(args)
        _check(password)
        person = _create(args, site, password)
    if site is not None:
        join(OPERATOR, person, site, Duty(args.duty))
    facts = {
        "email": person.email,
        "superuser": person.is_superuser,
        "site": site.hostname if site else None,
        "password": password if made else None,
    }
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"Compte créé : {person.email}" if password else f"Compte déjà là : {person.email}")
    if site is not None:
        print(f"Équipe du site {site.site_name or site.hostname} : {Duty(args.duty).label}")
    if made:
        print(f"Mot de passe (affiché cette seule fois) : {password}")
    if person.is_superuser and settings.PARVIS["PARVIS_SUPERUSER_SECOND_FACTOR"]:
        print("À la première connexion, ce compte ajoutera une application d’authentification ou une clé d’accès.")


def _create(args: Namespace, site: Site | None, password: str) -> Person:
    first, _space, last = args.name.partition(" ")
    if args.superuser:
        return add_superuser(OPERATOR, args.email, password, first_name=first, last_name=last)
    organisation = find_organisation(args.organisation) if args.organisation else organisation_of_site(site)
    if organisation is None:
        raise SiteWithoutOrganisation(site=args.site)
    person = add_person(OPERATOR, organisation, args.email, Role(args.role), first_name=first, last_name=last)
    return set_password(OPERATOR, person, password)


def _password(args: Namespace) -> tuple[str, bool]:
    """The password, and whether it was made here."""
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if sys.stdin.isatty() and not args.json:
        typed = getpass.getpass("Mot de passe (vide : en fabriquer un) : ")
        if typed:
            return typed, False
    return secrets.token_urlsafe(12), True


def _check(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise WeakPassword(reason=" ".join(error.messages)) from error
