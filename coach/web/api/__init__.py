"""What devices and other programs may ask, under `/api/v1`: a module a resource, and here their list."""

from typing import Final

from fastapi import APIRouter

from coach.web.api import activities, check_ins, document, files, me, nudges, plan, weeks

RESOURCES: Final[tuple[APIRouter, ...]] = (
    me.router,
    files.router,
    activities.router,
    weeks.router,
    plan.router,
    check_ins.router,
    nudges.router,
)

ROUTERS: Final = (*RESOURCES, document.of(RESOURCES))
