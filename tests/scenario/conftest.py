import pytest


@pytest.fixture
def shelf(tmp_path_factory, worker_id):
    """Give the folder in which all workers note what playing a scenario showed."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "played"
    folder.mkdir(exist_ok=True)
    return folder
