"""Addresses of the calls about restrictions, below `/api/v1/`."""

from django.urls import path

from privacy.register.restrictions.api.views import RestrictionChangesView, RestrictionLookupView

urlpatterns = [
    path("restrictions/lookup/", RestrictionLookupView.as_view(), name="restrictions-lookup"),
    path("restrictions/changes/", RestrictionChangesView.as_view(), name="restrictions-changes"),
]
