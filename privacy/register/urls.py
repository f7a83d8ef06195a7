"""The pages of the privacy notice."""

from django.urls import path

from privacy.register.views import earlier_notice, notice, notice_changes

app_name = "register"
urlpatterns = [
    path("notice/", notice, name="notice"),
    path("notice/<path:version>/changes/", notice_changes, name="notice_changes"),
    path("notice/<path:version>/", earlier_notice, name="earlier_notice"),
]
