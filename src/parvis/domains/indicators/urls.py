"""Addresses of this subject."""

from django.urls import path, re_path

from parvis.domains.indicators import boardviews, embeds, feeds, followviews, views
from parvis.hub.notifications.urls import confirm_page, stop_page
from parvis.hub.ui.errors import page

_ONE = "indicateurs/<slug:slug>"

urlpatterns = [
    path("indicateurs/", page(views.indicators), name="indicators"),
    path("indicateurs/flux.atom", page(feeds.all_feed), name="indicators-feed"),
    path("indicateurs/tableau/", page(boardviews.board), name="indicators-board"),
    path("indicateurs/semaine/", page(followviews.digest), name="indicators-digest"),
    # Mails of former versions bear these two addresses: they stop and confirm for ever.
    path("compte/alertes/<str:key>/confirmer/", confirm_page),
    path("compte/alertes/<str:key>/arreter/", stop_page),
    path("compte/tableaux/", page(boardviews.boards), name="indicators-boards"),
    path(f"{_ONE}/", page(views.indicator), name="indicator"),
    path(f"{_ONE}/prevenir/", page(followviews.alert), name="indicator-alert"),
    path(f"{_ONE}/integrer/", page(embeds.embed), name="indicator-embed"),
    path(f"{_ONE}/flux.atom", page(feeds.one_feed), name="indicator-feed"),
    re_path(r"^indicateurs/(?P<slug>[-\w]+)/image\.(?P<form>svg|png)$", page(embeds.image), name="indicator-picture"),
    path(f"{_ONE}/valeurs/<int:key>/", page(views.value), name="indicator-value"),
]
