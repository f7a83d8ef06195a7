"""Addresses of the disclosure calls, below `/api/v1/`."""

from django.urls import path

from privacy.register.api.views import BulkView, DisclosuresView

urlpatterns = [
    path("disclosures/", DisclosuresView.as_view(), name="disclosures"),
    path("disclosures/bulk/", BulkView.as_view(), name="disclosures-bulk"),
]
