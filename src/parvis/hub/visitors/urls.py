"""Where browsers ask for their work, under « compte », which a private portal leaves open; where forms look for places, which it does not."""

from django.urls import path

from parvis.hub.ui.errors import page
from parvis.hub.visitors import receipt_views, views

urlpatterns = [
    path("compte/preuve.json", views.challenge, name="visitor-proof"),
    path("contribuer/lieux.json", page(views.places), name="visitor-places"),
    path("compte/envois/<str:key>/", page(receipt_views.receipt), name="visitor-receipt"),
]
