"""The mails of indicators: a bound passed, the digest of a week, a silent source; what each says when it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.kinds import ALERT, DIGEST, SOURCE
from parvis.domains.indicators.models import Board, Indicator
from parvis.domains.indicators.presentation import alert_words
from parvis.domains.indicators.subscriptions import bound_of, first_side
from parvis.domains.indicators.tiles import Tile, tile
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.mails import site_name
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.notifications.selectors import target_of

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing, Subscription


def _alert_wish(subscription: Subscription) -> str:
    indicator = target_of(subscription)
    words = alert_words(indicator.described, indicator.title, bound_of(subscription))
    return _("un courriel quand %(words)s") % {"words": words}


def _digest_wish(subscription: Subscription) -> str:
    board = target_of(subscription)
    if board is not None:
        return _("un courriel chaque semaine, avec les chiffres de « %(name)s »") % {"name": board.name}
    return _("un courriel chaque semaine, avec les chiffres de votre tableau")


def _alert(mail: Outgoing) -> Message | None:
    subscription, indicator = mail.asked, target_of(mail.asked)
    try:
        value = selectors.value_of(ANONYMOUS, indicator.slug, mail.facts["value"])
    except NotFound:  # closed, or retired, since
        return None
    seen = selectors.seen(ANONYMOUS, [indicator], subscription.details["territory"])[0]
    shown = tile(seen)
    words = alert_words(seen.definition, indicator.title, bound_of(subscription))
    facts = {"words": words, "tile": absolute(shown), "cite": canonical(value.get_absolute_url())}
    return Message(f"{words} : {shown.text}", facts)


def _digest(mail: Outgoing) -> Message | None:
    actor, slugs, territory = reader_of(mail.asked)
    tiles = [absolute(tile(seen)) for seen in selectors.chosen(actor, slugs, territory)]
    if not tiles:
        return None
    board = target_of(mail.asked)
    name = board.name if board else site_name(mail.asked.site)
    address = Board(key="", slugs=slugs, territory=territory).address()
    return Message(_("Vos chiffres de la semaine · %s") % name, {"tiles": tiles, "board": canonical(address)})


def reader_of(subscription: Subscription) -> tuple[Actor, list[str], str]:
    """Through whose eyes a digest is read, and what is in it: its member's for a saved board, anybody's otherwise."""
    board = target_of(subscription)
    if board is None:
        return ANONYMOUS, list(subscription.details.get("slugs", ())), subscription.details.get("territory", "")
    own = board.person.email.lower() == subscription.recipient.email
    return (actor_of(board.person) if own else ANONYMOUS), list(board.slugs), board.territory


def _source(mail: Outgoing) -> Message | None:
    rows = selectors.seen(OPERATOR, selectors.indicators_published().filter(slug__in=mail.facts["slugs"]))
    tiles = [absolute(tile(seen)) for seen in rows]
    if not tiles:
        return None
    title = tiles[0].title if len(tiles) == 1 else _("%(count)s indicateurs") % {"count": len(tiles)}
    return Message(_("Source muette : %s") % title, {"tiles": tiles})


def absolute(shown: Tile) -> Tile:
    """The tile with the full addresses that a mail needs."""
    return replace(shown, address=canonical(shown.address), cite=canonical(shown.cite) if shown.cite else "")


NOTICES = (
    NoticeKind(
        slug=ALERT,
        message=_alert,
        template="indicators/mails/alert",
        wish=_alert_wish,
        about=Indicator,
        first_mark=first_side,
    ),
    NoticeKind(
        slug=DIGEST,
        message=_digest,
        template="indicators/mails/digest",
        wish=_digest_wish,
        about=Board,
        weekly=True,
    ),
    NoticeKind(slug=SOURCE, message=_source, template="indicators/mails/source"),
)
