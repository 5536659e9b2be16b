"""Addresses of the public pages."""

from django.urls import path

from parvis.web.portal import explorer, home, organisations, site_files, territories, texts
from parvis.web.portal.errors import page

urlpatterns = [
    path("", page(home.home), name="home"),
    path("explore/", page(explorer.explore), name="explore"),
    path("organisations/", page(organisations.organisations), name="organisations"),
    path("organisations/<slug:slug>/", page(organisations.organisation), name="organisation"),
    path("organisations/<slug:slug>/feed.xml", page(site_files.feed), name="organisation-feed"),
    path("territoires/", page(territories.territories), name="territories"),
    path("territoires/<slug:address>/", page(territories.territory), name="territory"),
    path("feed.xml", page(site_files.feed), name="feed"),
    path("sitemap.xml", site_files.sitemap, name="sitemap"),
    path("robots.txt", site_files.robots, name="robots"),
    path("healthz", site_files.health, name="health"),
    path("theme.css", site_files.theme, name="theme"),
    path("favicon.svg", site_files.favicon, name="favicon"),
    path("preferences/", site_files.preferences, name="preferences"),
    path("style/", page(texts.style), name="style"),
    path("mentions-legales/", page(texts.legal), name="legal"),
    path("accessibilite/", page(texts.accessibility), name="accessibility"),
    path("donnees-personnelles/", page(texts.privacy), name="privacy"),
]
