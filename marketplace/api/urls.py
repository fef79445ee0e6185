"""Addresses of this room in the API."""

from django.urls import path

from marketplace.api import organisations, places

urlpatterns = [
    path("me/", organisations.MeView.as_view(), name="api_me"),
    path("regions/", places.RegionList.as_view(), name="api_regions"),
    path("provinces/", places.ProvinceList.as_view(), name="api_provinces"),
    path("cities/", places.CityList.as_view(), name="api_cities"),
    path("cities/<str:public_id>/", places.CityDetail.as_view(), name="api_city"),
]
