"""The REST API below `/api/v1/`, with its description; every other address there is answered as a problem."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import api_schema  # noqa: F401  (tells the description about keys)
from config.api_unknown import NoSuchCall

urlpatterns = [
    path("", include("consent.api.urls")),
    path("", include("consent.announcements.api.urls")),
    path("", include("privacy.register.api.urls")),
    path("", include("requests.api.urls")),
    path("", include("privacy.register.restrictions.api.urls")),
    path("", include("retention.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=["get", "head"]),
        name="api-docs",
    ),
    re_path(r"", NoSuchCall.as_view()),
]
