"""A private portal: nothing is shown before a session or a key, whatever the door; a new door is closed by default."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from parvis.hub.accounts.second_factor import is_missing
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.apikeys.rules import SignInNeeded, WrongKey

OPEN = ("/compte/", "/static/", "/admin/", "/i18n/", "/healthz", "/theme.css", "/favicon.svg", "/robots.txt")
"""What the page of sign-in needs, and addresses that ask for a session by themselves."""

ENVELOPED = ("/api/explore/", "/odata")
"""Doors that answer 401 themselves, in their own envelope and with their headers for other origins."""

CALLED = ("/api/parvis/v1/hooks/",)
"""Addresses that programs call by POST, with a signature or a secret address in the place of a key."""

MACHINES = (
    "/api/",
    "/tiles/",
    "/carte/",
    "/ogc",
    "/csw",
    "/odata",
    "/mcp",
    "/sql",
    "/catalog.",
    "/feed.xml",
    "/sitemap",
)
"""Addresses at which a page of sign-in would be taken for an answer."""


def behind_sign_in(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: when ``PARVIS_PRIVATE``, send people to the page of sign-in and programs a 401."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not settings.PARVIS["PARVIS_PRIVATE"] or request.method == "OPTIONS" or _is_open(request):
            return get_response(request)
        try:
            actor_of_request(request)
        except (SignInNeeded, WrongKey) as error:
            if _is_for_people(request):
                return redirect_to_login(request.get_full_path())
            body = {"error_code": "AuthenticationRequired", "message": error.message("en"), "advice": error.hint("en")}
            headers = {"WWW-Authenticate": "Apikey", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
            return JsonResponse(body, status=401, headers=headers)
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response

    return answer


GUARDED = ("/admin/", "/compte/cles/")
"""What somebody with every right may not do before they have a second factor: a password may be guessed or read."""


def behind_second_factor(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: lead superusers without a second factor to the page where they set one."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(GUARDED) and is_missing(request):
            messages.warning(
                request,
                _(
                    "Votre compte a tous les droits : ajoutez une application d’authentification ou une clé d’accès pour continuer."
                ),
            )
            return redirect("mfa_index")
        return get_response(request)

    return answer


def _is_open(request: HttpRequest) -> bool:
    path = request.path_info
    return path.startswith((*OPEN, *ENVELOPED)) or (request.method == "POST" and path.startswith(CALLED))


def _is_for_people(request: HttpRequest) -> bool:
    return (
        not request.path_info.startswith(MACHINES)
        and "/attachments/" not in request.path_info
        and "/catalog." not in request.path_info
        and request.method in ("GET", "HEAD")
    )
