"""The app that knows the law: rules as data, deadlines as pure functions. It has no tables and knows no other app."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "privacy.law"
    label = "law"
