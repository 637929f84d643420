"""Jobs whose tokens are gone."""

from onething import jobs
from unit.runtime.node import Node


def test_several_jobs_are_cancelled_at_once(node: Node) -> None:
    case_no = node.start("careful")
    instance_id = node.instance(case_no)
    (queued,) = node.jobs(case_no)

    node.host.database.write(
        lambda conn: jobs.cancel_at(conn, instance_id, [str(queued.token), "no such token"])
    )

    assert [one.state for one in node.jobs(case_no)] == ["cancelled"]
