"""Addresses of SQL."""

from django.urls import path

from parvis.web.sql import api, page

urlpatterns = [
    path("sql/", page.sql_page, name="sql"),
    path("api/parvis/v1/sql", api.sql_api, name="sql_api"),
]
