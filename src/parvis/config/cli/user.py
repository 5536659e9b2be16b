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

from parvis.config.cli.organisations import find_organisation
from parvis.core.errors import RequestError
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.services import add_person, add_superuser, set_password


class NoRole(RequestError):
    """Neither an organisation nor every right was given."""

    code: ClassVar[str] = "user-without-role"
    fr: ClassVar[str] = "Ce compte n’aurait aucun droit."
    en: ClassVar[str] = "This account would have no right."
    hint_fr: ClassVar[str] = "Ajoutez --organisation (et --role), ou --superuser."
    hint_en: ClassVar[str] = "Add --organisation (and --role), or --superuser."


class WeakPassword(RequestError):
    """The password would not hold."""

    code: ClassVar[str] = "password-weak"
    fr: ClassVar[str] = "Ce mot de passe ne convient pas : {reason}"
    en: ClassVar[str] = "This password will not do: {reason}"


def run(args: Namespace) -> None:
    """Create an account; its password is read, asked for on a terminal, or made and printed once."""
    if not args.superuser and not args.organisation:
        raise NoRole
    organisation = find_organisation(args.organisation) if args.organisation else None
    password, made = _password(args)
    _check(password)
    first, _space, last = args.name.partition(" ")
    if args.superuser:
        person = add_superuser(OPERATOR, args.email, password, first_name=first, last_name=last)
    if organisation is not None and not args.superuser:
        role = Role(args.role)
        person = add_person(OPERATOR, organisation, args.email, role, first_name=first, last_name=last)
        set_password(OPERATOR, person, password)
    facts = {"email": person.email, "superuser": person.is_superuser, "password": password if made else None}
    if args.json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    print(f"Compte créé : {person.email}")
    if made:
        print(f"Mot de passe (affiché cette seule fois) : {password}")


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
