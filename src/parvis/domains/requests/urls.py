"""Addresses of this subject besides those of its collection."""

from django.urls import path

from parvis.domains.requests import views
from parvis.hub.ui.errors import page

urlpatterns = [
    path("demandes/nouvelle/", page(views.ask), name="request-ask"),
    path("demandes/<slug:slug>/soutenir/", page(views.support), name="request-support"),
    path("organisations/<slug:slug>/contact/", page(views.contact), name="organisation-contact"),
]
