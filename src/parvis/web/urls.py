"""Addresses of the pages, the back office and the doors for machines."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.urls import reports as wagtailadmin_reports
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from parvis.hub.apikeys.backoffice import account_keys
from parvis.hub.pages import urls as pages
from parvis.hub.people.account import account_page, address_page
from parvis.hub.quality.views import feed as notices_feed
from parvis.hub.ui.errors import page
from parvis.hub.uploads.answers import sandboxed
from parvis.web.backoffice.csp import under_admin_policy
from parvis.web.backoffice.policies import for_who_runs_the_instance
from parvis.web.parvis_api import API

decorate_urlpatterns(wagtailadmin_reports.urlpatterns, for_who_runs_the_instance)

urlpatterns = [
    path("", include("parvis.web.api.urls")),
    path("", include("parvis.web.tiles.urls")),
    path("", include("parvis.web.geocatalogue.urls")),
    path("", include("parvis.web.ogc.urls")),
    path("", include("parvis.web.sql.urls")),
    path("", include("parvis.web.mcp.urls")),
    path("", include("parvis.web.validation.urls")),
    path("api/parvis/v1/", include(API.addresses())),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    re_path("^admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    # Wagtail reads what is sent there, workbooks included, in the process of the web.
    re_path("^admin/redirects/import/", RedirectView.as_view(pattern_name="wagtailadmin_home")),
    path("admin/", include(under_admin_policy(wagtailadmin_urls.urlpatterns))),
    path("documents/", include(decorate_urlpatterns(wagtaildocs_urls.urlpatterns, sandboxed))),
    path("compte/avis/<str:key>.atom", notices_feed, name="notices_feed"),
    # Wagtail looks this name up before it sends readers of a restricted page to the sign-in page.
    path(
        "compte/entrer/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    path("compte/", account_page, name="my_account"),
    path("compte/sessions/", RedirectView.as_view(pattern_name="my_account"), name="usersessions_list"),
    path("compte/email/", address_page, name="account_email"),
    path("compte/cles/", account_keys, name="my_keys"),
    path("compte/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("parvis.web.portal.drawing_urls")),
    path("", include("parvis.web.portal.urls")),
    path("", include(pages.pages(page))),
]
