"""Secrets that nobody chose: made once, for one pair of eyes, by whoever comes first."""

import multiprocessing
import subprocess
import sys

import pytest

from config import env, generated_secrets


def made_in_another_process(path, results):
    results.put(generated_secrets.kept_in(path))


def test_the_second_call_gives_what_the_first_one_made(tmp_path):
    first = generated_secrets.kept_in(tmp_path / "secrets.env")
    assert generated_secrets.kept_in(tmp_path / "secrets.env") == first
    assert set(first) == set(generated_secrets.RECIPES)
    assert len(set(first.values())) == len(first)


def test_three_processes_at_once_end_with_the_same_secrets(tmp_path):
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    arguments = (tmp_path / "secrets.env", results)
    started = [context.Process(target=made_in_another_process, args=arguments) for _ in range(3)]
    for process in started:
        process.start()
    answers = [results.get() for _ in started]
    for process in started:
        process.join()
    assert answers == [generated_secrets.kept_in(tmp_path / "secrets.env")] * 3


def test_only_the_owner_reads_the_file(tmp_path):
    path = tmp_path / "secrets.env"
    generated_secrets.kept_in(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_closed_again(tmp_path):
    path = tmp_path / "secrets.env"
    kept = generated_secrets.kept_in(path)
    path.chmod(0o644)
    assert generated_secrets.kept_in(path) == kept
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path):
    path = tmp_path / "secrets.env"
    kept = generated_secrets.kept_in(path)
    lines = [line for line in path.read_text().splitlines() if not line.startswith("PRIVACY_DESK_LEDGER_KEY")]
    path.write_text("\n".join(lines) + "\n")
    again = generated_secrets.kept_in(path)
    assert {name for name in kept if kept[name] != again[name]} == {"PRIVACY_DESK_LEDGER_KEY"}


def test_a_half_written_file_of_a_crash_is_ignored(tmp_path):
    (tmp_path / "secrets.new").write_text("SECRET_KEY=ha")
    assert len(generated_secrets.kept_in(tmp_path / "secrets.env")["SECRET_KEY"]) >= 50


def test_printed_secrets_are_accepted_as_settings(fresh_env):
    command = [sys.executable, "-m", "config.generated_secrets"]
    printed = subprocess.run(command, cwd=generated_secrets.__file__.rsplit("/", 2)[0], capture_output=True, text=True)
    for line in printed.stdout.splitlines():
        fresh_env.setenv(*line.split("=", 1))
    env.use_mode(env.Mode.PRODUCTION)
    lengths = [len(env.secret_key()), len(env.data_keys()["k1"]), len(env.index_key()), len(env.ledger_key())]
    assert (lengths, len(env.signing_seed())) == ([64, 32, 32, 32], 32)


@pytest.mark.parametrize("name", sorted(generated_secrets.RECIPES))
def test_every_generated_secret_is_a_variable(name):
    assert name in list(env.Variable)
