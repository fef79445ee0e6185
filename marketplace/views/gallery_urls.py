"""The component gallery; only with DEBUG."""

from django.urls import path

from marketplace.views.gallery import gallery

urlpatterns = [path("", gallery, name="gallery")]
