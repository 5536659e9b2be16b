"""Addresses of the acts that decide on a dataset."""

from django.urls import path

from parvis.domains.deliberations.money import views
from parvis.hub.ui.errors import page

urlpatterns = [
    path("explore/dataset/<slug:dataset_id>/deliberations/", page(views.dataset_acts), name="dataset-acts"),
]
