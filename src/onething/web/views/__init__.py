"""The pages, one module an area."""

from flask import Blueprint

from onething.web.views import signin

BLUEPRINTS: tuple[Blueprint, ...] = (signin.pages,)
"""Every area's blueprint; a new area finds its place here."""
