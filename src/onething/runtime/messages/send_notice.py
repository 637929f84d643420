"""Send a notice: a text of the package, filled, kept for the party that it is meant for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from onething import feel, notices
from onething.documents import Template
from onething.jobs import JobRow
from onething.notices import NoticeRow
from onething.runtime.host import Host
from onething.runtime.messages.tell import About
from onething.runtime.messages.tell_parties import tell_notice
from onething.runtime.templates import filling


def send_notice(host: Host, job: JobRow, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the notice of a job for its party, and tell them; a second time keeps the first.

    Args:
        host: The node.
        job: The job.
        inputs: `template` (id), `to` (party, `applicant` by default), `data` (context).

    Returns:
        `{noticeId}`.

    Raises:
        ConnectorError: The package has no such template.
    """
    found = filling(host, job, inputs)
    now = host.clock()
    text = notice_text(found.template, found.data, host.environment(now), found.wording)
    row = NoticeRow(
        instance_id=job.instance_id,
        notice_id=job.effect_key,
        template=found.template.id,
        party=str(inputs.get("to") or "applicant"),
        sealed=found.seal.close(text),
        at=now,
    )
    about = About(job.instance_id, found.case.case_no, found.seal)

    def transaction(conn: Connection) -> None:
        if notices.add(conn, row):
            tell_notice(
                host, conn, found.case, about, row.notice_id, row.party, found.template, text
            )

    host.write(transaction)
    return {"noticeId": job.effect_key}


def notice_text(
    template: Template,
    data: Mapping[str, Any],
    env: feel.Environment,
    wording: Mapping[str, str],
) -> dict[str, Any]:
    """Return the text of a notice, filled, as it is kept: Chinese, and English under `en`."""
    return {
        "title": template.title,
        "body": [one.set(data, env) for one in template.paragraphs],
        "remedy": template.remedy.set(data, env),
        "fields": [
            *([one.label, one.value.set(data, env)] for one in template.fields),
            *_listed(template, data, env, {}),
        ],
        "legal_basis": list(template.legal_basis),
        "en": {
            "title": template.title_en or template.title,
            "body": [one.set(data, env, "en", wording) for one in template.paragraphs_en],
            "remedy": template.remedy_en.set(data, env, "en", wording),
            "fields": [
                *(
                    [wording.get(one.label, one.label), one.value.set(data, env, "en", wording)]
                    for one in template.fields
                ),
                *_listed(template, data, env, wording, "en"),
            ],
        },
    }


def _listed(
    template: Template,
    data: Mapping[str, Any],
    env: feel.Environment,
    wording: Mapping[str, str],
    language: str = "zh",
) -> list[list[str]]:
    """Return the lines of a template's table as fields: the first cell names the others."""
    if template.listing is None:
        return []
    comma = "; " if language == "en" else "；"
    lines = template.listing.lines(data, env, language, wording)
    return [[first, comma.join(one for one in rest if one)] for first, *rest in lines]
