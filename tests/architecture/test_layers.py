"""The direction of imports."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PROJECT


def lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )


def test_no_import_goes_against_the_layers():
    finished = lint()
    assert finished.returncode == 0, finished.stdout


def test_an_import_against_the_layers_is_found(tmp_path):
    """`requests` does import `privacy`; a contract that forbids it is broken."""
    config = tmp_path / "contracts.toml"
    config.write_text(
        '[tool.importlinter]\nroot_packages = ["privacy", "requests"]\n'
        '[[tool.importlinter.contracts]]\nname = "upside down"\ntype = "layers"\nlayers = ["privacy", "requests"]\n'
    )
    finished = lint("--config", str(config))
    assert finished.returncode == 1
    assert "upside down BROKEN" in finished.stdout
