"""What a city offers: the services by stage of life, and one page for each."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from onething import catalog
from onething.definitions import Definition, Service
from onething.errors import NotFound
from onething.web.node import host
from onething.web.shown import LIFE_STAGES, services
from onething.web.wording import service_name

pages = Blueprint("catalogue", __name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of life with the services that belong to it."""

    name: str
    services: list[Service]


@pages.get("/")
def index() -> str:
    """Show every service that is offered, by stage of life."""
    wanted = request.args.get("q", "").strip()
    found = [one.service for one in services(host()) if _speaks_of(one.service, wanted)]
    stages = [Stage(name, [one for one in found if one.life_stage == name]) for name in LIFE_STAGES]
    return render_template("catalogue/index.html", stages=stages, wanted=wanted, found=found)


@pages.get("/services/<code>")
def service(code: str) -> str:
    """Show what a service joins, needs, costs and rests on."""
    definition = offered(code)
    departments = list(dict.fromkeys(item.department for item in definition.service.items))
    return render_template(
        "catalogue/service.html",
        service=definition.service,
        definition=definition,
        departments=departments,
        relief=catalog.relief(definition),
    )


def offered(code: str) -> Definition:
    """Return the newest deployment of a service that is offered; raise NotFound otherwise."""
    found = next((one for one in services(host()) if one.service.code == code), None)
    if found is None:
        raise NotFound(f"No service {code}")
    return found


def _speaks_of(one: Service, wanted: str) -> bool:
    if not wanted:
        return True
    names = [one.name, one.summary, service_name(one), one.summary_en]
    names += [name for item in one.items for name in (item.name, item.name_en)]
    return any(wanted.casefold() in name.casefold() for name in names)
