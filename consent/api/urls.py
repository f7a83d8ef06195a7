"""Addresses of the consent calls, below `/api/v1/`."""

from django.urls import path

from consent.api.views import BulkView, ConsentsView, LookupView, ReceiptView, TermsView

urlpatterns = [
    path("consents/", ConsentsView.as_view(), name="consents"),
    path("consents/bulk/", BulkView.as_view(), name="consents-bulk"),
    path("consents/lookup/", LookupView.as_view(), name="consents-lookup"),
    path("consents/terms/", TermsView.as_view(), name="consents-terms"),
    path("consents/<uuid:record_id>/receipt/", ReceiptView.as_view(), name="consent-receipt"),
]
