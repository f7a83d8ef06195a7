from django.urls import path

from demo import views

urlpatterns = [
    path("mail/", views.mailbox, name="mailbox"),
    path("mail/<str:name>/", views.mail, name="mail"),
]
