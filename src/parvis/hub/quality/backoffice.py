"""« Qualité » and « Mes avis » in the back office: the published datasets that the person edits, worst first; what they are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from parvis.core.errors import Forbidden, NotFound
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.backoffice.policies import may_deposit
from parvis.hub.backoffice.screens import FormScreen, Screen, ScreenSet, anybody, stored_sentence
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.quality.boards import board_facts, read_board_request
from parvis.hub.quality.feeds import LEAST_MINUTES, MOST_MINUTES, feeds_managed_by, last_sign, leave_feed, watch_feed
from parvis.hub.quality.links import links_managed_by
from parvis.hub.quality.messages import event_name, notice_sentence, place_words
from parvis.hub.quality.models import NoticeChoices
from parvis.hub.quality.notices import choose_notices, feed_of
from parvis.hub.quality.selectors import managed_board, notice_choices, notices_for
from parvis.hub.quality.views import feed_address

PAGE_SIZE = 50
SHOWN = 30
MOST_FEEDS = 500
SHOWN_ANSWERS = 10


class QualityScreen(Screen):
    """The board of all that the person edits, or of one organisation (``?organisation=``)."""

    page_title = gettext_lazy("Qualité")
    header_icon = "circle-check"
    template_name = "quality/backoffice/board.html"

    @cached_property
    def organisation(self) -> Organisation | None:
        """The one asked for, when the person edits its things."""
        return organisations_where(self.actor, "edit").filter(slug=self.request.GET.get("organisation", "")).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, lines, organisations to choose from."""
        lines = managed_board(self.actor, self.organisation)
        board_request = read_board_request(self.request.GET)
        matching = [line for line in lines if board_request.keeps(line)]
        page = Paginator(matching, PAGE_SIZE).get_page(self.request.GET.get("page"))
        facts = board_facts(lines, matching, board_request, max(page.start_index() - 1, 0), PAGE_SIZE)
        return {
            **super().get_context_data(**kwargs),
            **facts,
            "page": page,
            "organisation": self.organisation,
            "organisations": organisations_where(self.actor, "edit"),
        }


ChoicesForm = forms.modelform_factory(NoticeChoices, fields=("mail", "late", "stale", "broken", "schema"))
"""The boxes a person ticks."""


@method_decorator(never_cache, name="dispatch")  # the address of a feed is a secret
class NoticesScreen(FormScreen):
    """The choices of the person, the address of their feed, what stands now."""

    page_title = gettext_lazy("Mes alertes")
    header_icon = "warning"
    template_name = "quality/backoffice/notices.html"
    form_class = ChoicesForm
    done = gettext_lazy("Vos choix sont enregistrés.")

    def get_initial(self) -> dict[str, Any]:
        """As they are."""
        return model_to_dict(notice_choices(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the address of the feed once asked for, the notices that stand."""
        choices = notice_choices(self.request.user)
        standing = notices_for(self.request.user, choices).filter(closed=None)[:SHOWN]
        return {
            **super().get_context_data(**kwargs),
            "feed": feed_address(choices.feed_key) if choices.pk else "",
            "notices": [(notice, event_name(notice.event), notice_sentence(notice)) for notice in standing],
            "mails_leave": settings.PARVIS["PARVIS_NOTICE_MAILS"],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the feed an address, or another one, or keep the choices."""
        if "flux" not in request.POST:
            return super().post(request, *args, **kwargs)
        feed_of(self.actor, request.user, renew=request.POST["flux"] == "autre")
        messages.success(request, _("Voici l’adresse de votre flux ; toute autre qui servait n’ouvre plus rien."))
        return redirect(request.path)

    def act(self, form: Any) -> None:
        """Keep the choices."""
        choose_notices(self.actor, self.request.user, **form.cleaned_data)


class FeedForm(forms.Form):
    """A feed to watch."""

    dataset = forms.ModelChoiceField(
        label=gettext_lazy("Jeu de données"),
        queryset=Dataset.objects.none(),
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        initial=60,
        help_text=gettext_lazy(
            "Du nouveau est attendu toutes les tant de minutes au plus ; au-delà, les responsables sont prévenus."
        ),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].queryset = datasets_managed_by(actor).filter(status=Status.PUBLISHED)


class FeedsScreen(FormScreen):
    """Live feeds, those silent first; one more is watched, one is left."""

    page_title = gettext_lazy("Flux surveillés")
    header_icon = "history"
    template_name = "quality/backoffice/feeds.html"
    form_class = FeedForm
    done = gettext_lazy("Le flux est surveillé.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose datasets may be chosen."""
        return {**super().get_form_kwargs(), "actor": self.actor}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The feeds, each with its last sign of life."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("surveiller des flux"))
        feeds = sorted(feeds_managed_by(self.actor)[:MOST_FEEDS], key=lambda feed: feed.silent_since is None)
        return {**super().get_context_data(**kwargs), "feeds": [(feed, last_sign(feed)) for feed in feeds]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave one, or watch one."""
        chosen = request.POST.get("laisser", "")
        if not chosen:
            return super().post(request, *args, **kwargs)
        feed = feeds_managed_by(self.actor).filter(dataset__dataset_id=chosen).first()
        if feed is None:
            raise NotFound(name=chosen[:80])
        leave_feed(self.actor, feed.dataset)
        messages.success(request, _("Ce flux n’est plus surveillé."))
        return redirect(request.path)

    def act(self, form: FeedForm) -> None:
        """Watch it."""
        watch_feed(self.actor, form.cleaned_data["dataset"], form.cleaned_data["minutes"])


class LinksScreen(Screen):
    """Links that do not answer, the broken first, each with its last answers."""

    page_title = gettext_lazy("Liens qui ne répondent plus")
    header_icon = "link"
    template_name = "quality/backoffice/links.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those of the datasets that the person edits."""
        if not may_deposit(self.request.user):
            raise Forbidden(action=_("voir les liens"))
        page = Paginator(links_managed_by(self.actor), PAGE_SIZE).get_page(self.request.GET.get("page"))
        rows = [
            (
                row,
                place_words(row.place),
                stored_sentence(row.link.error)[0],
                row.link.answers.all()[:SHOWN_ANSWERS][::-1],
            )
            for row in page
        ]
        return {**super().get_context_data(**kwargs), "page": page, "rows": rows}


BOARD = ScreenSet("quality_admin", "qualite", ("", QualityScreen, "board"), menu_order=140)
NOTICES = ScreenSet("notices_admin", "avis", ("", NoticesScreen, "notices"), menu_order=450, shown=anybody)
FEEDS = ScreenSet("feeds_admin", "flux", ("", FeedsScreen, "feeds"), menu_order=142)
LINKS = ScreenSet("links_admin", "liens", ("", LinksScreen, "links"), menu_order=141)
