"""The pages of the preference centre."""

from django.urls import path

from consent.views.choosing import GiveView, WithdrawView, done
from consent.views.entering import PreferencesLinkView, ask_sent, preferences
from consent.views.keeping import history, history_file, receipt_file, receipt_page
from consent.views.objecting import ObjectingView, objected
from consent.views.stopping import StopView, stopped
from consent.views.unsubscribing import UnsubscribeView

app_name = "consent"
urlpatterns = [
    path("preferences/", preferences, name="preferences"),
    # before what letters lead to: a purpose may be called "no" or "unsubscribe", and no token is one of these words
    path("preferences/<slug:code>/withdraw/", WithdrawView.as_view(), name="withdraw"),
    path("preferences/<slug:code>/give/", GiveView.as_view(), name="give"),
    path("preferences/<slug:code>/done/", done, name="done"),
    path("preferences/sent/", ask_sent, name="ask_sent"),
    path("preferences/history/", history, name="history"),
    path("preferences/history/decisions.<str:form>", history_file, name="history_file"),
    path("preferences/receipts/<uuid:record_id>/", receipt_page, name="receipt"),
    path("preferences/receipts/<uuid:record_id>/receipt.<str:form>", receipt_file, name="receipt_file"),
    path("preferences/stop/", StopView.as_view(), name="stop"),
    path("preferences/stopped/", stopped, name="stopped"),
    path("preferences/unsubscribe/<str:token>/", UnsubscribeView.as_view(), name="unsubscribe"),
    path("preferences/no/<str:token>/", ObjectingView.as_view(), name="objecting"),
    path("preferences/no/", objected, name="objected"),
    path("preferences/<str:token>/", PreferencesLinkView.as_view(), name="preferences_link"),
]
