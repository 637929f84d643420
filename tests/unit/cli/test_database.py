"""The database's commands on a site of its own."""


def test_the_queue_is_indexed_anew_on_an_empty_site_too(run):
    run("db", "upgrade")

    code, out, _ = run("db", "reindex")

    assert code == 0
    assert "written for 0 open cases" in out
