"""The pages of the portal about requests."""

from django.urls import path

from requests.views.answering import FeeView, ReplyView
from requests.views.asking import CheckView, QuestionView, sent
from requests.views.complaining import complain
from requests.views.confirming import ConfirmView, confirmed
from requests.views.downloading import DownloadLinkView, DownloadView
from requests.views.evidencing import EvidenceView
from requests.views.following import TrackLinkView, TrackView, WithdrawView, status, track_sent
from requests.views.home import home
from requests.views.schemas import portability_schema
from requests.views.uploading import UploadView

app_name = "requests"
urlpatterns = [
    path("", home, name="home"),
    path("requests/new/", QuestionView.as_view(), name="kind"),
    path("requests/new/check/", CheckView.as_view(), name="check"),
    path("requests/new/<slug:question>/", QuestionView.as_view(), name="question"),
    path("requests/sent/", sent, name="sent"),
    path("requests/confirm/<str:token>/", ConfirmView.as_view(), name="confirm"),
    path("requests/confirmed/", confirmed, name="confirmed"),
    path("requests/track/", TrackView.as_view(), name="track"),
    path("requests/track/sent/", track_sent, name="track_sent"),
    path("requests/track/<str:token>/", TrackLinkView.as_view(), name="track_link"),
    path("requests/status/", status, name="status"),
    path("requests/status/fee/", FeeView.as_view(), name="fee"),
    path("requests/status/reply/", ReplyView.as_view(), name="reply"),
    path("requests/status/upload/", UploadView.as_view(), name="upload"),
    path("requests/status/evidence/", EvidenceView.as_view(), name="evidence"),
    path("requests/status/complain/", complain, name="complain"),
    path("requests/status/withdraw/", WithdrawView.as_view(), name="withdraw"),
    path("requests/download/", DownloadView.as_view(), name="download"),
    path("requests/download/<str:token>/", DownloadLinkView.as_view(), name="download_link"),
    path("schemas/portability/<str:version>.json", portability_schema, name="portability_schema"),
]
