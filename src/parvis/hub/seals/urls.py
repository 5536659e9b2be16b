"""The public chain."""

from django.urls import path

from parvis.hub.seals import views
from parvis.hub.ui.errors import page

urlpatterns = [
    path("sceaux/", page(views.explanation), name="seals"),
    path("sceaux/chaine.jsonl", views.chain, name="seal-chain"),
    path("sceaux/racines.json", views.roots, name="seal-roots"),
    path("sceaux/jetons/<str:day>.tsr", page(views.token), name="seal-token"),
    path("sceaux/verifier.py", views.script, name="seal-script"),
]
