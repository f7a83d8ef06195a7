"""The check for the library that would hide our app can fail."""

from importlib.metadata import version

from config.name_guard import intruder


def test_the_library_is_not_installed():
    assert intruder() is None


def test_an_installed_library_is_found():
    assert intruder("django") == version("django")
