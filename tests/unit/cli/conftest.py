import pytest

from onething import cli
from onething.main import wiring


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command on an empty data folder; return exit code, output, errors."""
    monkeypatch.setenv("ONETHING_DATA_DIR", str(tmp_path / "data"))

    def command(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(wiring(), list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command
