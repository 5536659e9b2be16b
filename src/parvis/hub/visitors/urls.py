"""Where browsers ask for their work; under « compte », which a private portal leaves open."""

from django.urls import path

from parvis.hub.visitors import views

urlpatterns = [path("compte/preuve.json", views.challenge, name="visitor-proof")]
