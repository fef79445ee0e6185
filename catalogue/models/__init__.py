"""The tables of the catalogue."""

from catalogue.models.categories import Category
from catalogue.models.evidence import AccountStatus, Certificate
from catalogue.models.searches import AddedTerm, Search
from catalogue.models.services import CityReference, Claim, Price, Service, ServiceFacet, ServiceVersion

__all__ = [
    "AccountStatus",
    "AddedTerm",
    "Category",
    "Certificate",
    "CityReference",
    "Claim",
    "Price",
    "Search",
    "Service",
    "ServiceFacet",
    "ServiceVersion",
]
