"""Environment variables and modes are global: each test here gets them back as they were."""

import pytest

from config import env


@pytest.fixture
def fresh_env(monkeypatch, tmp_path):
    """A process that knows no variable of ours and keeps its files in a folder of its own."""
    for variable in env.Variable:
        monkeypatch.delenv(variable.value, raising=False)
        monkeypatch.delenv(f"{variable.value}_FILE", raising=False)
    monkeypatch.setenv("PRIVACY_DESK_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setattr(env, "PROJECT", tmp_path)
    mode = env.mode()
    env.use_mode(env.Mode.TEST)
    yield monkeypatch
    env.use_mode(mode)
