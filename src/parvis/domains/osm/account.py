"""A person's own account of OpenStreetMap: OAuth 2 with PKCE, the token in their session and nowhere else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

from parvis.core.fetching import send
from parvis.domains.osm.remote import display_name, is_open
from parvis.domains.osm.rules import OsmClosed, SignInAgain
from parvis.hub.addresses import canonical

SCOPES = ("read_prefs", "write_api", "write_notes")
SESSION, PENDING = "osm_account", "osm_sign_in"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is linked to this visit."""

    name: str
    token: str
    permissions: tuple[str, ...]

    def may(self, scope: str) -> bool:
        """Whether the person allowed it."""
        return f"allow_{scope}" in self.permissions or scope in self.permissions


def account_of(request: HttpRequest) -> Account | None:
    """The account linked to the visit, if any."""
    facts = request.session.get(SESSION)
    return Account(facts["name"], facts["token"], tuple(facts["permissions"])) if facts else None


def required_account(request: HttpRequest, scope: str) -> Account:
    """The same; SignInAgain without one, or when the person did not allow that."""
    account = account_of(request)
    if account is None or not account.may(scope):
        raise SignInAgain
    return account


def sign_in_address(request: HttpRequest, back: str) -> str:
    """Where the person is led to allow it; ``back`` is the page of the portal where they go on."""
    if not is_open():
        raise OsmClosed
    client = _client()
    state, verifier = secrets.token_urlsafe(24), client.create_code_verifier(64)
    request.session[PENDING] = {"state": state, "verifier": verifier, "back": back}
    site = settings.PARVIS["PARVIS_OSM_SITE"]
    # oauthlib refuses plain HTTP, which a test server of this machine speaks.
    query = client.prepare_request_uri(
        "https://site.invalid/",
        redirect_uri=_return_address(),
        scope=list(SCOPES),
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
    ).partition("?")[2]
    return f"{site}/oauth2/authorize?{query}"


def finish_sign_in(request: HttpRequest) -> str:
    """Exchange the code that came back for a token, kept in the session; where the person goes on. SignInAgain when anything is amiss."""
    pending = request.session.pop(PENDING, None)
    if not pending:
        raise SignInAgain
    client = _client()
    address = f"https://portail.invalid/?{request.META.get('QUERY_STRING', '')}"
    try:
        code = client.parse_request_uri_response(address, state=pending["state"])["code"]
        body = client.prepare_request_body(code=code, redirect_uri=_return_address(), code_verifier=pending["verifier"])
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = send("POST", f"{settings.PARVIS['PARVIS_OSM_SITE']}/oauth2/token", body.encode(), headers)
        token = client.parse_request_body_response(answer.body.decode("utf-8", "replace"), scope=list(SCOPES))[
            "access_token"
        ]
    except (OAuth2Error, Warning, KeyError, ValueError) as error:
        raise SignInAgain from error
    name, permissions = display_name(token)
    request.session[SESSION] = {"name": name, "token": token, "permissions": sorted(permissions)}
    return str(pending["back"])


def sign_out(request: HttpRequest) -> None:
    """Forget the account and its token."""
    for key in (SESSION, PENDING):
        request.session.pop(key, None)


def _client() -> WebApplicationClient:
    return WebApplicationClient(settings.PARVIS["PARVIS_OSM_CLIENT_ID"])


def _return_address() -> str:
    return canonical(reverse("osm-account-return"))
