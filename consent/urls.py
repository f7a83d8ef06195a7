"""The pages of the preference centre."""

from django.urls import path

from consent.views.choosing import GiveView, WithdrawView, done, history
from consent.views.entering import PreferencesLinkView, ask_sent, preferences
from consent.views.objecting import ObjectingView, objected

app_name = "consent"
urlpatterns = [
    path("preferences/", preferences, name="preferences"),
    path("preferences/sent/", ask_sent, name="ask_sent"),
    path("preferences/history/", history, name="history"),
    path("preferences/no/<str:token>/", ObjectingView.as_view(), name="objecting"),
    path("preferences/no/", objected, name="objected"),
    path("preferences/<str:token>/", PreferencesLinkView.as_view(), name="preferences_link"),
    path("preferences/<slug:code>/withdraw/", WithdrawView.as_view(), name="withdraw"),
    path("preferences/<slug:code>/give/", GiveView.as_view(), name="give"),
    path("preferences/<slug:code>/done/", done, name="done"),
]
