"""Mounts the surfaces that JIANDU_SURFACES names."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
