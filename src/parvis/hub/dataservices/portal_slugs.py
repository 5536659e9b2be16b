"""The addresses of the portal's own services, which no other takes."""

from typing import Final

PORTAL_SLUGS: Final = frozenset(
    {
        "api-explore",
        "api-parvis",
        "ogc-api-features",
        "ogc-api-records",
        "csw",
        "dcat",
        "odata",
        "tuiles",
        "mcp",
    }
)
