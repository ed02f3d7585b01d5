"""What the dashboard's script asks; for staff alone."""

from django.contrib import admin
from django.urls import path

from tasks_app.admin.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("live/", admin.site.admin_view(views.live), name="live"),
    path("figures/", admin.site.admin_view(views.figures), name="figures"),
]
