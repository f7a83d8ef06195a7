"""The addresses that pages of the organisation's own sites use, and the statement about Global Privacy Control.

The number of a proof is no personal data and names nobody; whoever made the choice was told it.
"""

from django.urls import path, re_path

from consent.cookies import files, views

app_name = "cookies"
urlpatterns = [
    path(".well-known/gpc.json", views.global_privacy_control, name="gpc"),
    re_path(r"^cookies/v1/consent\.(?P<kind>js|css)\Z", files.newest_file, name="newest_file"),
    re_path(
        r"^cookies/v1/consent-(?P<version>\d{1,3}\.\d{1,3}\.\d{1,3})\.(?P<kind>js|css)\Z",
        files.pinned_file,
        name="pinned_file",
    ),
    path("cookies/v1/banner.json", views.banner, name="banner"),
    path("cookies/v1/choices/", views.record, name="choices"),
    path("cookies/v1/choices/<uuid:proof>/receipt/", views.receipt_of, name="receipt"),
]
