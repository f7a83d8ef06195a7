"""A mail server in one line."""

import pytest

from config.email_url import MailServer, parse_email_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp+tls://ama:p%40ss@mail.example", MailServer("mail.example", 587, "ama", "p@ss", start_tls=True)),
        ("smtps://mail.example:4465", MailServer("mail.example", 4465, tls_from_the_start=True)),
    ],
)
def test_scheme_and_parts_are_read(url, server):
    assert parse_email_url(url) == server


def test_django_gets_its_own_names():
    assert parse_email_url("smtp+tls://ama:pass@mail.example").as_django_settings() == {
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "ama",
        "EMAIL_HOST_PASSWORD": "pass",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://ama:geheim@mail.example", "must begin with one of"),
        ("smtp://", "names no host"),
        ("smtp://ama:geheim@mail.example:99999", "has a port that is no number"),
    ],
)
def test_a_broken_address_is_refused_without_repeating_it(url, complaint):
    with pytest.raises(ValueError, match=complaint) as refusal:
        parse_email_url(url)
    assert "geheim" not in str(refusal.value)


def test_a_password_does_not_show_when_a_server_is_printed():
    server = parse_email_url("smtp://ama:geheim@mail.example")
    assert (server.password, "geheim" in repr(server)) == ("geheim", False)
