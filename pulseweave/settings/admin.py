"""How the admin looks: its names, links and colours (django-unfold)."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# The jade of the page, from light to dark.
_SHADES = (50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950)
_LIGHTNESS = (97, 94, 88, 80, 71, 60, 47, 41, 35, 30, 22)
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "PulseWeave",
    "SITE_HEADER": "PulseWeave",
    "SITE_SUBHEADER": _("管理后台"),
    "SITE_URL": "/",
    "SHOW_LANGUAGES": True,
    "DASHBOARD_CALLBACK": "tasks_app.admin.dashboard.views.add_dashboard",
    "SITE_DROPDOWN": [
        {"icon": "home", "title": _("提交页面"), "link": "/"},
        {"icon": "table_rows", "title": _("后台首页"), "link": "/admin/"},
    ],
    "SITE_ICON": lambda request: static("tasks_app/icon.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("tasks_app/icon.svg"),
        }
    ],
    "STYLES": [
        lambda request: static("tasks_app/admin/admin.css"),
        lambda request: static("tasks_app/admin/actions.css"),
    ],
    "COLORS": {
        "primary": {
            str(shade): f"oklch({lightness}% .085 175)"
            for shade, lightness in zip(_SHADES, _LIGHTNESS, strict=True)
        }
    },
}
