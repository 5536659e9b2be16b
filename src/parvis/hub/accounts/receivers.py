"""What Django and allauth tell of sign-ins, passwords and second factors, noted as events."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth

from parvis.hub.accounts.events import Event, note
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.sessions import end_sessions


def connect() -> None:
    """Listen to each of them."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    auth.user_login_failed.connect(_sign_in_failed, dispatch_uid="accounts.sign_in_failed")
    auth.user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")
    for signal in (account.password_set, account.password_changed, account.password_reset):
        signal.connect(_password_changed, dispatch_uid="accounts.password_changed")
    account.email_changed.connect(_address_changed, dispatch_uid="accounts.address_changed")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
    mfa.authenticator_reset.connect(_factor_renewed, dispatch_uid="accounts.factor_renewed")
    mfa.authenticator_used.connect(_factor_used, dispatch_uid="accounts.factor_used")
    mfa.authentication_failed.connect(_factor_failed, dispatch_uid="accounts.factor_failed")


def _signed_in(request: Any, user: Person, **_signal: Any) -> None:
    note(Event.SIGN_IN, user, request=request)


def _sign_in_failed(credentials: dict[str, Any], request: Any = None, **_signal: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "").lower()
    note(Event.SIGN_IN_FAILED, Person.objects.filter(email=address).first(), request=request)


def _signed_out(request: Any, user: Person | None, **_signal: Any) -> None:
    if user is not None:
        note(Event.SIGN_OUT, user, request=request)


def _password_changed(request: Any, user: Person, **_signal: Any) -> None:
    note(Event.PASSWORD_CHANGED, user, request=request)
    end_sessions(user, but=request.session.session_key)


def _address_changed(request: Any, user: Person, **_signal: Any) -> None:
    note(Event.ADDRESS_CHANGED, user, request=request)
    end_sessions(user, but=request.session.session_key)


def _factor_added(request: Any, user: Person, authenticator: Any, **_signal: Any) -> None:
    note(Event.FACTOR_ADDED, user, request=request, factor=authenticator.type)
    end_sessions(user, but=request.session.session_key)


def _factor_removed(request: Any, user: Person, authenticator: Any, **_signal: Any) -> None:
    note(Event.FACTOR_REMOVED, user, request=request, factor=authenticator.type)
    end_sessions(user, but=request.session.session_key)


def _factor_renewed(request: Any, user: Person, authenticator: Any, **_signal: Any) -> None:
    note(Event.FACTOR_RENEWED, user, request=request, factor=authenticator.type)


def _factor_used(request: Any, user: Person, authenticator: Any, **_signal: Any) -> None:
    note(Event.FACTOR_USED, user, request=request, factor=authenticator.type)


def _factor_failed(request: Any, user: Person, authenticator: Any = None, **_signal: Any) -> None:
    note(Event.FACTOR_FAILED, user, request=request, factor=getattr(authenticator, "type", "unknown"))
