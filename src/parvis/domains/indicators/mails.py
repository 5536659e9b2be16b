"""The mails of indicators: to confirm, a bound passed, the digest of a week, a silent source; in French, as text and as HTML."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Outgoing, Subscription
from parvis.domains.indicators.telling import Tile, alert_words, tile
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import standing_at
from parvis.hub.quality.mails import Letter, site_name
from parvis.hub.sites.origins import place_at
from parvis.hub.ui.templatetags.parvis_ui import canonical

type Told = tuple[str, dict[str, Any]] | None
"""The subject and what the template needs; None when there is nothing to say any more."""


def send(mail: Outgoing) -> None:
    """Send one mail; whatever the mail server raises. Nothing leaves when what it told of is closed or gone meanwhile."""
    with translation.override(settings.LANGUAGE_CODE), _where_it_was_asked(mail):
        told = _TOLD[mail.kind](mail)
        if told is None:
            return
        subject, facts = told
        facts |= {"portal": _portal(mail), "subject": subject}
        text = render_to_string(f"indicators/mails/{mail.kind}.txt", facts)
        html = render_to_string(f"indicators/mails/{mail.kind}.html", facts)
        headers = _headers(mail)
    to = mail.person.email if mail.person else mail.subscription.recipient.email  # type: ignore[union-attr]
    message = Letter(" ".join(subject.split()), text, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    message.send()


def _where_it_was_asked(mail: Outgoing) -> AbstractContextManager[None]:
    """The addresses of a mail are those of the site where it was asked."""
    site = mail.subscription.site if mail.subscription else None
    if site is None:
        return nullcontext()
    place = place_at(site)
    return standing_at(place.origin, place.prefix)


def _portal(mail: Outgoing) -> str:
    return site_name(mail.subscription.site if mail.subscription else None)


def _headers(mail: Outgoing) -> dict[str, str]:
    """RFC 8058: one click stops it, without opening anything; owners choose theirs in « Mes avis »."""
    headers = {"Auto-Submitted": "auto-generated"}
    if mail.subscription is not None:
        headers["List-Unsubscribe"] = f"<{stop_address(mail.subscription)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        headers["List-Unsubscribe"] = f"<{canonical(reverse('backoffice:notices'))}>"
    return headers


def stop_address(one: Subscription) -> str:
    """Where it is stopped: a page with a button, or at once when a mail program posts to it."""
    return canonical(reverse("indicators-stop", args=[one.key]))


def confirm_address(one: Subscription) -> str:
    """Where it is confirmed: a page with a button, since some mailboxes open every link."""
    return canonical(reverse("indicators-confirm", args=[one.key]))


def asked_words(one: Subscription) -> str:
    """What was asked, in words."""
    if one.indicator is not None and one.bound is not None:
        return _("un courriel quand %(words)s") % {
            "words": alert_words(one.indicator.described, one.indicator.title, one.bound)
        }
    if one.board is not None:
        return _("un courriel chaque semaine, avec les chiffres de « %(name)s »") % {"name": one.board.name}
    return _("un courriel chaque semaine, avec les chiffres de votre tableau")


def _confirm(mail: Outgoing) -> Told:
    one = mail.subscription
    if one is None or one.confirmed:
        return None
    facts = {"asked": asked_words(one), "confirm": confirm_address(one), "stop": stop_address(one)}
    return _("Confirmez : %s") % asked_words(one), facts


def _alert(mail: Outgoing) -> Told:
    one = mail.subscription
    if one is None or one.indicator is None or one.bound is None:
        return None
    try:
        value = selectors.value_of(ANONYMOUS, one.indicator.slug, mail.facts["value"])
    except NotFound:  # closed, or retired, since
        return None
    seen = selectors.seen(ANONYMOUS, [value.computation.indicator], one.territory)[0]
    shown = tile(seen)
    words = alert_words(seen.definition, one.indicator.title, one.bound)
    facts = {
        "words": words,
        "tile": absolute(shown),
        "stop": stop_address(one),
        "cite": canonical(value.get_absolute_url()),
    }
    return f"{words} : {shown.value}", facts


def _digest(mail: Outgoing) -> Told:
    one = mail.subscription
    if one is None or one.confirmed is None:
        return None
    actor, slugs, territory = reader_of(one)
    tiles = [absolute(tile(seen)) for seen in selectors.chosen(actor, slugs, territory)]
    if not tiles:
        return None
    name = one.board.name if one.board else ""
    address = canonical(board_address(slugs, territory))
    facts = {"tiles": tiles, "name": name, "board": address, "stop": stop_address(one)}
    return _("Vos chiffres de la semaine · %s") % (name or _portal(mail)), facts


def reader_of(one: Subscription) -> tuple[Actor, list[str], str]:
    """Through whose eyes a digest is read, and what is in it: its member's for a saved board, anybody's otherwise."""
    if one.board is None:
        return ANONYMOUS, list(one.slugs), one.territory
    own = one.board.person.email.lower() == one.recipient.email
    return (actor_of(one.board.person) if own else ANONYMOUS), list(one.board.slugs), one.board.territory


def board_address(slugs: list[str], territory: str) -> str:
    """The scoreboard of these indicators, for whoever has the address."""
    pairs = [("i", slug) for slug in slugs] + ([("territoire", territory)] if territory else [])
    return f"{reverse('indicators-board')}?{urlencode(pairs)}"


def _source(mail: Outgoing) -> Told:
    rows = selectors.seen(OPERATOR, selectors.indicators_published().filter(slug__in=mail.facts["slugs"]))
    tiles = [absolute(tile(one)) for one in rows]
    if not tiles:
        return None
    facts = {"tiles": tiles, "choices": canonical(reverse("backoffice:notices"))}
    title = tiles[0].title if len(tiles) == 1 else _("%(count)s indicateurs") % {"count": len(tiles)}
    return _("Source muette : %s") % title, facts


def absolute(one: Tile) -> Tile:
    """The tile with the full addresses that a mail needs."""
    return replace(one, address=canonical(one.address), cite=canonical(one.cite) if one.cite else "")


_TOLD: dict[str, Callable[[Outgoing], Told]] = {
    Outgoing.Kind.CONFIRM: _confirm,
    Outgoing.Kind.ALERT: _alert,
    Outgoing.Kind.DIGEST: _digest,
    Outgoing.Kind.SOURCE: _source,
}
