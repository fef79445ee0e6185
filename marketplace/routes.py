"""Pages of people, organisations, cities and the site."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
