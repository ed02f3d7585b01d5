"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

# Only a web process has addresses: no other waits until these pages are loaded.
admin.autodiscover()

urlpatterns = [
    path("admin/dashboard/", include("tasks_app.admin.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("", include("tasks_app.urls")),
]
