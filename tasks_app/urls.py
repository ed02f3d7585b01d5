"""The addresses of the application's pages."""

from django.urls import path

from tasks_app import views

urlpatterns = [path("", views.page, name="page")]
