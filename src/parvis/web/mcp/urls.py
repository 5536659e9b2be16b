"""The address of the Model Context Protocol."""

from django.urls import re_path

from parvis.web.mcp.views import mcp

urlpatterns = [re_path(r"^mcp/?$", mcp, name="mcp")]
