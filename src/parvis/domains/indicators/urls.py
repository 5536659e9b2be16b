"""Addresses of this subject besides those of its collection."""

from django.urls import path

from parvis.domains.indicators import views
from parvis.hub.notifications.urls import confirm_page, stop_page
from parvis.hub.ui.errors import page

urlpatterns = [
    path("indicateurs/tableau/", page(views.board), name="indicators-board"),
    path("indicateurs/semaine/", page(views.digest), name="indicators-digest"),
    # Mails of former versions have these two addresses: they stop and confirm for ever.
    path("compte/alertes/<str:key>/confirmer/", confirm_page),
    path("compte/alertes/<str:key>/arreter/", stop_page),
    path("compte/tableaux/", page(views.boards), name="indicators-boards"),
    path("indicateurs/<slug:slug>/prevenir/", page(views.alert), name="indicator-alert"),
    path("indicateurs/<slug:slug>/valeurs/<int:key>/", page(views.value), name="indicator-value"),
]
