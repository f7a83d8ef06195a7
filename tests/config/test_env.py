"""Settings enter in one place; what production cannot guess is an error that names the variable."""

import ast
import base64
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

PROJECT = env.PROJECT
KEY, OTHER_KEY = base64.b64encode(b"k" * 32).decode(), base64.b64encode(b"o" * 32).decode()
NEEDED_IN_PRODUCTION = {
    "DATABASE_URL": env.database_url,
    "REDIS_URL": env.redis_url,
    "SECRET_KEY": env.secret_key,
    "PRIVACY_DESK_KEYS": env.data_keys,
    "PRIVACY_DESK_INDEX_KEY": env.index_key,
    "PRIVACY_DESK_LEDGER_KEY": env.ledger_key,
    "PRIVACY_DESK_SIGNING_KEY": env.signing_seed,
    "PUBLIC_HOST": env.public_host,
    "EMAIL_URL": env.email_server,
    "EMAIL_FROM": env.email_from,
}


def our_files():
    folders = ("config", "privacy", "consent", "requests", "retention", "demo")
    return [file for folder in folders for file in (PROJECT / folder).rglob("*.py")]


def reads_environment(tree):
    """Whether a module names os.environ or os.getenv other than to set a default."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")]
    harmless = [
        node.func.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault"
    ]
    return any(isinstance(node.value, ast.Name) and node.value.id == "os" and node not in harmless for node in names)


def test_the_example_explains_exactly_the_variables_that_are_read():
    text = (PROJECT / ".env.example").read_text()
    explained = re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE)
    assert sorted(explained) == sorted(env.Variable)
    unexplained = re.findall(r"\n\n([A-Z_]+)=", text)
    assert unexplained == []


def test_every_declared_variable_is_read():
    source = (PROJECT / "config/env.py").read_text()
    assert [name for name in env.Variable if f"Variable.{name.name}" not in source] == []


def test_no_other_module_reads_the_environment():
    readers = [file for file in our_files() if reads_environment(ast.parse(file.read_text()))]
    assert readers == [PROJECT / "config/env.py"]


@pytest.mark.parametrize("name", NEEDED_IN_PRODUCTION)
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_production_refuses_to_start_without_what_it_cannot_guess(fresh_env, name, empty):
    env.use_mode(env.Mode.PRODUCTION)
    if empty is not None:
        fresh_env.setenv(name, empty)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is missing"):
        NEEDED_IN_PRODUCTION[name]()


@pytest.mark.parametrize("name", [name for name in NEEDED_IN_PRODUCTION if "KEY" in name])
def test_the_error_for_a_missing_secret_says_how_to_make_one(fresh_env, name):
    env.use_mode(env.Mode.PRODUCTION)
    with pytest.raises(ImproperlyConfigured, match=r"python -m config\.generated_secrets"):
        NEEDED_IN_PRODUCTION[name]()


def test_demo_and_tests_start_with_nothing_set(fresh_env):
    values = {name: read() for name, read in NEEDED_IN_PRODUCTION.items()}
    assert {name for name, value in values.items() if value is None} == {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    assert {name: read() for name, read in NEEDED_IN_PRODUCTION.items()} == values


def test_a_value_in_the_environment_wins_over_a_generated_one(fresh_env):
    generated = env.index_key()
    fresh_env.setenv("PRIVACY_DESK_INDEX_KEY", KEY)
    assert (env.index_key(), generated != env.index_key()) == (b"k" * 32, True)


def test_production_does_not_use_generated_secrets_that_lie_around(fresh_env):
    env.use_mode(env.Mode.DEMO)
    assert len(env.index_key()) == 32
    env.use_mode(env.Mode.PRODUCTION)
    fresh_env.setenv("PRIVACY_DESK_DATA_DIR", str(env.base_dir() / "demo"))
    with pytest.raises(ImproperlyConfigured, match="PRIVACY_DESK_INDEX_KEY is missing"):
        env.index_key()


def test_a_secret_can_come_from_a_file(fresh_env, tmp_path):
    (tmp_path / "key").write_text(KEY + "\n")
    fresh_env.setenv("PRIVACY_DESK_LEDGER_KEY_FILE", str(tmp_path / "key"))
    assert env.ledger_key() == b"k" * 32


def test_a_secret_file_that_is_missing_is_named(fresh_env):
    fresh_env.setenv("PRIVACY_DESK_LEDGER_KEY_FILE", "/nowhere")
    with pytest.raises(ImproperlyConfigured, match="PRIVACY_DESK_LEDGER_KEY"):
        env.ledger_key()


def test_the_dotenv_file_counts_in_demo_and_production_and_never_in_tests(fresh_env, tmp_path):
    (tmp_path / ".env").write_text("PORT=9001\n")
    seen = {}
    for mode in env.Mode:
        env.use_mode(mode)
        seen[mode.value] = env.port()
    assert seen == {"production": 9001, "demo": 9001, "test": 8000}


def test_the_environment_wins_over_the_dotenv_file(fresh_env, tmp_path):
    (tmp_path / ".env").write_text("PORT=9001\n")
    fresh_env.setenv("PORT", "9002")
    env.use_mode(env.Mode.DEMO)
    assert env.port() == 9002


def test_the_keyring_keeps_its_order_and_begins_with_the_current_key(fresh_env):
    fresh_env.setenv("PRIVACY_DESK_KEYS", f"new:{KEY}, old:{OTHER_KEY}")
    assert list(env.data_keys().items()) == [("new", b"k" * 32), ("old", b"o" * 32)]


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (KEY, "must read id:base64key"),
        (f"a b:{KEY}", "must read id:base64key"),
        (f"k1:{KEY},k1:{OTHER_KEY}", "names the key id 'k1' twice"),
        (f"k1:{KEY},k2:{KEY}", "the same key under two ids"),
        ("k1:not base64!", "is not base64"),
        ("k1:c2hvcnQ=", "has 5 bytes, it needs 32"),
    ],
)
def test_a_damaged_keyring_is_refused_without_repeating_it(fresh_env, value, complaint):
    fresh_env.setenv("PRIVACY_DESK_KEYS", value)
    with pytest.raises(ImproperlyConfigured, match=complaint) as refusal:
        env.data_keys()
    assert KEY not in str(refusal.value)


def test_a_short_secret_key_is_refused(fresh_env):
    fresh_env.setenv("SECRET_KEY", "x" * 49)
    with pytest.raises(ImproperlyConfigured, match="shorter than 50"):
        env.secret_key()
    fresh_env.setenv("SECRET_KEY", "x" * 50)
    assert env.secret_key() == "x" * 50


@pytest.mark.parametrize("value", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_none_is_refused(fresh_env, value):
    fresh_env.setenv("PORT", value)
    with pytest.raises(ImproperlyConfigured, match="PORT"):
        env.port()


def test_addresses_in_the_demo_carry_the_port_and_in_production_none(fresh_env):
    fresh_env.setenv("PORT", "9000")
    assert env.public_url("a.localhost") == "http://a.localhost:9000"
    env.use_mode(env.Mode.PRODUCTION)
    fresh_env.setenv("PUBLIC_HOST", "Privacy.Example")
    assert env.public_url() == "https://privacy.example"
    fresh_env.setenv("PUBLIC_PORT", "8443")
    assert env.public_url() == "https://privacy.example:8443"


def test_debug_pages_are_refused_in_production(fresh_env):
    fresh_env.setenv("DEBUG", "true")
    assert env.debug() is True
    env.use_mode(env.Mode.PRODUCTION)
    with pytest.raises(ImproperlyConfigured, match="DEBUG cannot be on in production"):
        env.debug()


@pytest.mark.parametrize(("name", "read"), [("LOG_LEVEL", env.log_level), ("PUBLIC_SCHEME", env.public_scheme)])
def test_a_word_that_is_none_of_the_choices_is_refused(fresh_env, name, read):
    fresh_env.setenv(name, "shout")
    with pytest.raises(ImproperlyConfigured, match=f"^{name} must be"):
        read()


def test_a_broken_mail_address_is_refused_without_repeating_its_password(fresh_env):
    fresh_env.setenv("EMAIL_URL", "imap://user:secret@mail.example")
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL must begin with one of") as refusal:
        env.email_server()
    assert "secret" not in str(refusal.value)


def test_each_mode_keeps_its_files_apart(fresh_env, tmp_path):
    folders = {}
    for mode in env.Mode:
        env.use_mode(mode)
        folders[mode.value] = env.data_dir()
    base = tmp_path / "var"
    assert folders == {"production": base, "demo": base / "demo", "test": base / "test"}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", None),
        ("unix:/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("tcp://scanner:3310", ("scanner", 3310)),
        ("tcp://[::1]:3310", ("::1", 3310)),
    ],
)
def test_where_the_scanner_is(monkeypatch, given, read):
    monkeypatch.setenv("CLAMD_ADDRESS", given)
    assert env.clamd_address() == read


@pytest.mark.parametrize(
    "given", ["clamd", "unix:clamd.ctl", "tcp://scanner", "tcp://:3310", "http://scanner:80", "tcp://x:0"]
)
def test_a_scanners_address_that_is_none_stops_the_start(monkeypatch, given):
    monkeypatch.setenv("CLAMD_ADDRESS", given)
    with pytest.raises(ImproperlyConfigured, match="CLAMD_ADDRESS must read"):
        env.clamd_address()
