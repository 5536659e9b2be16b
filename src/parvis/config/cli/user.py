"""``parvis user``: accounts."""

from __future__ import annotations

import getpass
import json
import secrets
import sys
from argparse import Namespace
from typing import ClassVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from wagtail.models import Site

from parvis.config.cli.organisations import find_organisation
from parvis.core.errors import RequestError
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import person_by_email
from parvis.hub.accounts.services import add_person, add_superuser, set_password
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.selectors import organisation_of_site, site_named
from parvis.hub.teams.services import join


class NoRole(RequestError):
    """Neither an organisation, nor a site, nor every right was given."""

    code: ClassVar[str] = "user-without-role"
    fr: ClassVar[str] = "Ce compte n’aurait aucun droit."
    en: ClassVar[str] = "This account would have no right."
    hint_fr: ClassVar[str] = "Ajoutez --organisation (et --role), --site, ou --superuser."
    hint_en: ClassVar[str] = "Add --organisation (and --role), --site, or --superuser."


class WeakPassword(RequestError):
    """The password would not hold."""

    code: ClassVar[str] = "password-weak"
    fr: ClassVar[str] = "Ce mot de passe ne convient pas : {reason}"
    en: ClassVar[str] = "This password will not do: {reason}"


class SiteWithoutOrganisation(RequestError):
    """A site is kept by no organisation in which its writers could have a role."""

    code: ClassVar[str] = "site-without-organisation"
    fr: ClassVar[str] = "Aucune organisation ne tient le site « {site} »."
    en: ClassVar[str] = "No organisation keeps the site “{site}”."
    hint_fr: ClassVar[str] = "Dites où la personne travaille : --organisation."
    hint_en: ClassVar[str] = "Say where the person works: --organisation."


def run(args: Namespace) -> None:
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
        print(f"Mot de passe (affiché cette seule fois) : {password}")


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
