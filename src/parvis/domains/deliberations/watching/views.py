"""« Être prévenu »: the page that says what will be told of, and the form that asks for mails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.core.errors import RequestError
from parvis.domains.deliberations.collection import ACTS
from parvis.domains.deliberations.finding import results
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.watching.agenda import READ_OF_ITEMS
from parvis.domains.deliberations.watching.described import described
from parvis.domains.deliberations.watching.mails import acts_of_mail
from parvis.domains.deliberations.watching.services import ask_alert
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.notifications.selectors import mail_is_open
from parvis.hub.notifications.views import address_of, caller_of, mail_is_waiting, reads_and_posts
from parvis.hub.sites.places import place_of
from parvis.hub.ui.errors import problem_of

EXAMPLES = 3
"""Acts shown as they would be told."""


@reads_and_posts
def alerts(request: HttpRequest) -> HttpResponse:
    """What the search of the address would tell, and the form; POST sends a mail to confirm."""
    query, problem = ActQuery.read(ANONYMOUS, request.GET), None
    if request.method == "POST":
        try:
            subscription = ask_alert(caller_of(request), address_of(request), query, place_of(request).site)
            return mail_is_waiting(request, subscription, query.address(reverse("act-search")))
        except RequestError as error:
            problem = problem_of(error)
    result = results.found_by(query, page=1, page_size=EXAMPLES, counted=(), sort="ligne")
    facts = {
        "collection": ACTS,
        "query": query,
        "form": query.form,
        "words": described(query),
        "total": result.total,
        "examples": acts_of_mail(query, result.keys),
        "tells_points": not set(query.filters) - READ_OF_ITEMS,
        "hidden": [pair for pair in query.pairs() if pair[0] not in ("q", "autour", "rayon")],
        "feed": query.address(reverse("act-search-feed")),
        "rss": query.address(reverse("act-search-feed-rss")),
        "back": query.address(reverse("act-search")),
        "mail_is_open": mail_is_open(),
        "problem": problem,
        "email": request.POST.get("email", "")[:254],
    }
    response = render(request, "deliberations/alerts.html", facts, status=422 if problem else 200)
    if query.is_narrowed:
        response["X-Robots-Tag"] = "noindex"
    return response
