"""The address of the page of SQL; ``api`` has its own."""

from django.urls import path

from parvis.web.sql import page

urlpatterns = [
    path("sql/", page.sql_page, name="sql"),
]
