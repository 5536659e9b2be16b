"""The feed of a person's notices, at an address that only they know."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from parvis.hub.notifications.mails import CHOICES as CHOICES_PATH
from parvis.hub.notifications.mails import site_name
from parvis.hub.quality.messages import event_name, notice_sentence
from parvis.hub.quality.models import Notice
from parvis.hub.quality.selectors import choices_by_feed_key, notices_for
from parvis.hub.ui.atom import FEED_LENGTH, Entry, atom_feed


def feed_address(key: str) -> str:
    """The full address of a feed."""
    return f"{settings.PARVIS['PARVIS_BASE_URL']}/compte/avis/{key}.atom"


@never_cache
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """What the person of that key would be told, as Atom; the address is the proof of who asks."""
    choices = choices_by_feed_key(key)
    if choices is None:
        raise Http404
    base = settings.PARVIS["PARVIS_BASE_URL"]
    title = _("Avis sur vos jeux de données · %s") % site_name()
    entries = (_entry(base, notice) for notice in notices_for(choices.person, choices)[:FEED_LENGTH])
    answer = atom_feed(title, f"{base}{CHOICES_PATH}", feed_address(key), entries)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _entry(base: str, notice: Notice) -> Entry:
    dataset = notice.dataset
    over = f" {_('(réglé depuis)')}" if notice.closed else ""
    return Entry(
        title=f"{event_name(notice.event)} : {dataset.title}{over}",
        address=f"{base}{dataset.get_absolute_url()}quality/",
        text=notice_sentence(notice),
        author=dataset.organisation.name,
        published=notice.opened,
        updated=notice.closed,
        identifier=f"{base}/avis/{notice.pk}",
    )
