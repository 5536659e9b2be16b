"""Addresses of this subject besides those of its collection."""

from django.urls import path

from parvis.domains.reuses import views
from parvis.hub.ui.errors import page

urlpatterns = [
    path("reutilisations/proposer/", page(views.propose), name="reuse-propose"),
    path("reutilisations/<slug:slug>/capture.webp", page(views.capture), name="reuse-capture"),
]
