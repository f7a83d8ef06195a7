"""What `make demo` says when it cannot start. The whole of it runs in the journey tests."""

import fcntl
import socket

import pytest

from config import demo, env
from config.embedded.ports import free_port


@pytest.fixture
def demo_env(fresh_env):
    """The demo with a port of its own and files of its own."""
    fresh_env.setenv("PORT", str(free_port()))
    env.use_mode(env.Mode.DEMO)
    return fresh_env


def test_a_taken_port_is_said_before_anything_starts_with_the_way_out(demo_env, capsys):
    with socket.create_server(("127.0.0.1", env.port())):
        assert demo.main() == 1
    assert f"Port {env.port()} cannot be used" in capsys.readouterr().err
    assert sorted(entry.name for entry in env.data_dir().iterdir()) == ["demo.lock"]


def test_a_free_port_is_no_complaint(demo_env):
    demo._check_port()


def test_a_second_demo_is_refused(demo_env, capsys):
    env.data_dir().mkdir(parents=True)
    with (env.data_dir() / "demo.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        assert demo.main() == 1
    assert "runs already" in capsys.readouterr().err


def test_a_setting_that_makes_no_sense_is_said_in_one_line(demo_env, capsys):
    demo_env.setenv("PORT", "none")
    assert demo.main() == 1
    assert capsys.readouterr().err.strip().startswith("PORT: ")


def test_real_servers_named_in_the_environment_are_used_instead_of_embedded_ones(demo_env):
    demo_env.setenv("DATABASE_URL", "postgresql://real/desk")
    demo_env.setenv("REDIS_URL", "redis://real/0")
    demo._ensure_servers()
    assert not env.data_dir().exists()


def test_started_processes_see_the_demos_settings_and_this_pythons_programs_first(demo_env):
    import sys
    from pathlib import Path

    environment = demo._environment()
    assert environment["DJANGO_SETTINGS_MODULE"] == "config.settings.demo"
    assert environment["PATH"].split(":")[0] == str(Path(sys.executable).parent)
