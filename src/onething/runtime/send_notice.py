"""Send a notice: a text of the package, filled, kept for the party that it is meant for."""

from collections.abc import Mapping
from typing import Any

from onething import notices
from onething.jobs import JobRow
from onething.notices import NoticeRow
from onething.runtime.host import Host
from onething.runtime.templates import filling


def send_notice(host: Host, job: JobRow, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the notice of a job for its party; a second time keeps the first.

    Args:
        host: The node.
        job: The leased job.
        inputs: `template` (id), `to` (party, `applicant` by default), `data` (context).

    Returns:
        `{noticeId}`.

    Raises:
        ConnectorError: The package has no such template.
    """
    found = filling(host, job, inputs)
    now = host.clock()
    env = host.environment(now)
    text = {
        "title": found.template.title,
        "body": [one.set(found.data, env) for one in found.template.paragraphs],
        "remedy": found.template.remedy.set(found.data, env),
        "fields": [[one.label, one.value.set(found.data, env)] for one in found.template.fields],
        "legal_basis": list(found.template.legal_basis),
    }
    row = NoticeRow(
        instance_id=job.instance_id,
        notice_id=job.effect_key,
        template=found.template.id,
        party=str(inputs.get("to") or "applicant"),
        sealed=found.seal.close(text),
        at=now,
    )
    host.write(lambda conn: notices.add(conn, row))
    return {"noticeId": job.effect_key}
