"""Addresses of collection forms besides those of their collection."""

from django.urls import path

from parvis.domains.surveys import views
from parvis.hub.ui.errors import page

urlpatterns = [
    path("collectes/service-worker.js", page(views.worker), name="survey-worker"),
    path("collectes/jeton.json", page(views.token), name="survey-token"),
    path("collectes/<slug:slug>/envoyer/", page(views.send), name="survey-send"),
    path("collectes/<slug:slug>/merci/<str:receipt>/", page(views.thanks), name="survey-thanks"),
    path("collectes/<slug:slug>/invitation/<str:token>/", page(views.invitation), name="survey-invitation"),
    path("collectes/<slug:slug>/photos/<slug:key>/", page(views.photo), name="survey-photo"),
]
