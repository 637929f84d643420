"""Read which case follows which."""

from dataclasses import dataclass

from onething import cases
from onething.cases import CaseLink
from onething.identity import Actor
from onething.runtime.host import Host
from onething.runtime.permissions import sees_case


@dataclass(frozen=True, slots=True)
class LinkView:
    """One case on the other end of a link."""

    link: CaseLink
    case_no: str
    is_visible: bool
    """Whether the person may open it."""
    is_void: bool
    """Whether it came to nothing: then another one may follow."""


@dataclass(frozen=True, slots=True)
class Links:
    """What a case follows, and what follows it."""

    follows: LinkView | None
    followed_by: list[LinkView]


def view_links(host: Host, actor: Actor, case_no: str) -> Links:
    """Return the links of a case that the person sees anyway; NotFound for no such case."""
    with host.database.read() as conn:
        instance_id = cases.get(conn, case_no).instance_id
        link = cases.link_of(conn, instance_id)

        def seen(one: CaseLink, other: str, number: str) -> LinkView:
            case = cases.of_instance(conn, other)
            is_void = not case.is_open and case.result in cases.VOID
            return LinkView(one, number, sees_case(actor, conn, case), is_void)

        after = cases.followers(conn, instance_id)
        return Links(
            follows=(
                None if link is None else seen(link, link.follows_instance_id, link.follows_case_no)
            ),
            followed_by=[seen(one, one.instance_id, one.case_no) for one in after],
        )
