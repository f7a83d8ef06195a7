"""Addresses of the calls about subject requests, below `/api/v1/`."""

from django.urls import path

from requests.api.views import RequestsView, RequestView

urlpatterns = [
    path("requests/", RequestsView.as_view(), name="api-requests"),
    path("requests/<str:reference>/", RequestView.as_view(), name="api-request"),
]
