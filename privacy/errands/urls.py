"""Where processors call."""

from django.urls import path

from privacy.errands.views import callback

app_name = "errands"
urlpatterns = [path("opendsr/callbacks/<str:token>/", callback, name="callback")]
