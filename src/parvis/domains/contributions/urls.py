"""Addresses of contributions: pages of a dataset, the private page of a proposal, « Contribuer »."""

from django.urls import path

from parvis.domains.contributions import views
from parvis.hub.ui.errors import page

DATASET = "explore/dataset/<slug:dataset_id>/contribuer/"

urlpatterns = [
    path("contribuer/", page(views.home), name="contribute"),
    path("contribuer/autour/", page(views.around), name="contribute-near"),
    path(DATASET, page(views.contribute), name="dataset-contribute"),
    path(f"{DATASET}ligne/", page(views.row), name="contribute-row"),
    path(f"{DATASET}ajouter/", page(views.add), name="contribute-add"),
    path(f"{DATASET}semblables.json", page(views.alike), name="contribute-alike"),
    path(f"{DATASET}remarque/", page(views.say), {"kind": "remark"}, name="contribute-remark"),
    path(f"{DATASET}question/", page(views.say), {"kind": "question"}, name="contribute-question"),
    path("contributions/photos/<int:key>", page(views.public_photo), name="contribution-public-photo"),
    path("contributions/<str:uid>/", page(views.follow), name="contribution"),
    path("contributions/<str:uid>/photo", page(views.photo), name="contribution-photo"),
]
