from django.urls import path

from demo import sites, views

urlpatterns = [
    path("site/", sites.sample_site, name="sample_site"),
    path("site/fr/", sites.sample_site, {"language": "fr"}),
    path("mail/", views.mailbox, name="mailbox"),
    path("mail/<str:name>/", views.mail, name="mail"),
]
