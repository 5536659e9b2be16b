"""Where files are sent by a link, under « compte », which a private portal leaves open."""

from django.urls import path

from parvis.hub.deliveries import views
from parvis.hub.ui.errors import page

_LINK = "compte/depots/<str:token>/"

urlpatterns = [
    path(_LINK, page(views.link), name="delivery-link"),
    path(f"{_LINK}envoi/", views.create, name="delivery-upload"),
    path(f"{_LINK}envoi/<uuid:key>/", views.upload, name="delivery-piece"),
    path(f"{_LINK}envoi/<uuid:key>/suite/", page(views.after), name="delivery-after"),
    path(f"{_LINK}<int:key>/", page(views.verdict), name="delivery-verdict"),
    path(f"{_LINK}<int:key>/etat.json", views.progress, name="delivery-progress"),
    path(f"{_LINK}<int:key>/rapport.<slug:ending>", page(views.report), name="delivery-report"),
]
