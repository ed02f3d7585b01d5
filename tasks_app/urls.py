"""The addresses of the application's pages."""

from django.urls import path

from tasks_app import views

urlpatterns = [
    path("", views.page, name="page"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
