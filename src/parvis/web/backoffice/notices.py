"""« Mes avis »: what each person wants to be told of; and their feed, at an address that only they know."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.hub.backoffice.screens import Screen
from parvis.hub.notifications.mails import CHOICES as CHOICES_PATH
from parvis.hub.notifications.mails import site_name
from parvis.hub.quality.models import Notice, NoticeChoices
from parvis.hub.quality.notices import choose_notices, feed_of
from parvis.hub.quality.selectors import choices_by_feed_key, notice_choices, notices_for
from parvis.hub.quality.words import event_name, notice_sentence
from parvis.hub.ui.atom import FEED_LENGTH, Entry, atom_feed

CHOICES = ("mail", "late", "stale", "broken", "schema")
SHOWN = 30


class ChoicesForm(forms.Form):
    """The boxes a person ticks."""

    def __init__(self, choices: NoticeChoices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CHOICES:
            label = NoticeChoices._meta.get_field(name).verbose_name
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=getattr(choices, name))


class NoticesScreen(Screen):
    """The choices of the person, the address of their feed, what stands now."""

    page_title = gettext_lazy("Mes avis")
    header_icon = "warning"
    template_name = "backoffice/quality/notices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the address of the feed once asked for, the notices that stand."""
        person = self.request.user
        choices = notice_choices(person)
        standing = notices_for(person, choices).filter(closed=None)[:SHOWN]
        return {
            "form": ChoicesForm(choices),
            "feed": feed_address(choices.feed_key) if choices.pk else "",
            "notices": [(notice, event_name(notice.event), notice_sentence(notice)) for notice in standing],
            "mails_leave": settings.PARVIS["PARVIS_NOTICE_MAILS"],
            **super().get_context_data(**kwargs),
            **kwargs,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the choices, or give the feed an address, or another one."""
        if "flux" in request.POST:
            feed_of(self.actor, request.user, renew=request.POST["flux"] == "autre")
            messages.success(request, _("Voici l’adresse de votre flux ; toute autre qui servait n’ouvre plus rien."))
            return redirect(request.path)
        form = ChoicesForm(notice_choices(request.user), request.POST)
        form.is_valid()  # boxes alone: nothing can be wrong
        choose_notices(self.actor, request.user, **{name: form.cleaned_data[name] for name in CHOICES})
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect(request.path)


notices_screen = never_cache(NoticesScreen.as_view())


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
