"""Addresses that mails have, under « compte », which a private portal leaves open: their key is the proof."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from parvis.hub.notifications import follow_views, views
from parvis.hub.ui.errors import page

confirm_page = page(views.confirm)
stop_page = csrf_exempt(page(views.stop))  # the mark of exemption is read on the outermost function

urlpatterns = [
    path("compte/abonnements/<str:key>/confirmer/", confirm_page, name="subscription_confirm"),
    path("compte/abonnements/<str:key>/arreter/", stop_page, name="subscription_stop"),
    path("explore/dataset/<slug:dataset_id>/suivre/", page(follow_views.follow), name="dataset-follow"),
    path("explore/dataset/<slug:dataset_id>/suivre/flux.atom", page(follow_views.feed), name="dataset-feed"),
]
