"""Addresses of discussions, beside the other pages of their dataset."""

from django.urls import path

from parvis.domains.discussions import views
from parvis.hub.ui.errors import page

PLACE = "explore/dataset/<slug:dataset_id>/discussions/"

urlpatterns = [
    path(PLACE, page(views.threads), name="dataset-discussions"),
    path(f"{PLACE}<int:key>/", page(views.thread), name="dataset-discussion"),
    path(f"{PLACE}<int:key>/signaler/<int:message>/", page(views.report), name="dataset-discussion-report"),
]
