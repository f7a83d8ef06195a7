"""Addresses of the calls about runs, below `/api/v1/`."""

from django.urls import path

from retention.api.views import CertificateView, RunsView

urlpatterns = [
    path("retention/runs/", RunsView.as_view(), name="api-runs"),
    path("retention/runs/<uuid:run_id>/certificate/", CertificateView.as_view(), name="api-run-certificate"),
]
