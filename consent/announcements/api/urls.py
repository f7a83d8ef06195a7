"""Addresses of the calls about notices, below `/api/v1/`."""

from django.urls import path

from consent.announcements.api.views import AcceptancesView

urlpatterns = [
    path("notices/acceptances/", AcceptancesView.as_view(), name="notice-acceptances"),
]
