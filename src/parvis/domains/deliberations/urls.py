"""Addresses of this subject besides those of its collections."""

from django.urls import include, path

from parvis.domains.deliberations import board, papers, views
from parvis.domains.deliberations.finding import views as finding
from parvis.domains.deliberations.money import urls as money
from parvis.domains.deliberations.watching import views as watching
from parvis.hub.ui.errors import page

urlpatterns = [
    path("deliberations/exhaustivite/", page(board.page), name="act-board"),
    path("deliberations/exhaustivite.csv", page(board.table), name="act-board-table"),
    path("deliberations/recherche/", page(finding.search), name="act-search"),
    path("deliberations/recherche/flux.atom", page(finding.feed), name="act-search-feed"),
    path("deliberations/recherche/flux.rss", page(finding.feed), {"form": "rss"}, name="act-search-feed-rss"),
    path("deliberations/alertes/", page(watching.alerts), name="act-alerts"),
    path("deliberations/retraits.json", page(views.withdrawals), name="act-withdrawals"),
    path("deliberations/organisations/<slug:slug>/", page(views.of_organisation), name="acts-of-organisation"),
    path("deliberations/registre/<slug:slug>/<int:year>.pdf", page(papers.register_of), name="act-register"),
    path("deliberations/<slug:slug>/certificat.pdf", page(papers.certificate_of), name="act-certificate"),
    path("deliberations/<slug:slug>/fichiers/<int:position>/", page(views.published_file), name="act-file"),
    path("deliberations/<slug:slug>/texte/<int:position>/", page(views.file_text), name="act-text"),
    *money.urlpatterns,
    path("", include("parvis.domains.deliberations.oparl.urls")),
]
