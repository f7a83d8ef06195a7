from django.urls import path

from privacy.portal import views

app_name = "portal"
urlpatterns = [
    path("leave/", views.leave, name="leave"),
    path("left/", views.left, name="left"),
]
