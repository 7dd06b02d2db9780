"""What can be asked, as OpenAPI for programs and as a page for people; anyone may read both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from coach.web.api.routing import PREFIX
from coach.web.problems import ALL, TYPES, Problem
from coach.web.visit import Anybodys

_TITLE: Final = "sciatica-coach"
_ABOUT: Final = (
    "What devices and other programs may ask, with a token of the person. Keys and meanings are those of `--json` on "
    "the command line. Not a medical device."
)
_SCHEMAS: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the page. Of `parameters` and `answers`: a name or a status, and what it is."""

    method: str
    path: str
    about: Sequence[str]
    scope: str | None
    parameters: Sequence[tuple[str, str]]
    takes: Sequence[str]
    answers: Sequence[tuple[str, str]]


def of(resources: Sequence[APIRouter]) -> APIRouter:
    """The routes of both, for these resources."""
    router = APIRouter(prefix=PREFIX)

    @cache
    def made(root: str) -> Mapping[str, Any]:
        return document(resources, root)

    @router.get("/openapi.json", include_in_schema=False)
    def openapi(visit: Anybodys) -> Response:
        return JSONResponse(made(visit.site.root))

    @router.get("/docs", include_in_schema=False)
    def docs(visit: Anybodys) -> Response:
        return visit.page("api.html.j2", operations=list(operations(made(visit.site.root))), problems=ALL)

    return router


def document(resources: Sequence[APIRouter], root: str = "") -> dict[str, Any]:
    """The OpenAPI document. `root` is the folder of the public address that all lies in; mostly none."""
    made = get_openapi(
        title=_TITLE,
        version=version(_TITLE),
        description=_ABOUT,
        routes=[route for each in resources for route in each.routes],
        servers=[{"url": root}] if root else None,
    )
    problem = TypeAdapter(Problem).json_schema(ref_template=_SCHEMAS + "{model}")
    schemas = made["components"]["schemas"]
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    problem["properties"]["type"]["enum"] = [TYPES + name for name in ALL]
    return made


def operations(made: Mapping[str, Any]) -> Iterator[Operation]:
    """In the order of the document."""
    for path, methods in made["paths"].items():
        for method, said in methods.items():
            scopes = [scope for each in said.get("security", ()) for names in each.values() for scope in names]
            yield Operation(
                method=method.upper(),
                path=path,
                about=said["description"].split("\n\n"),
                scope=next(iter(scopes), None),
                parameters=[(each["name"], _about(each)) for each in said.get("parameters", ())],
                takes=list(said.get("requestBody", {}).get("content", ())),
                answers=[(status, each["description"]) for status, each in said["responses"].items()],
            )


_LIMITS: Final[Mapping[str, str]] = {"from": "minimum", "to": "maximum", "without it": "default"}


def _about(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    limits = ", ".join(f"{name} {schema[key]}" for name, key in _LIMITS.items() if schema.get(key) not in {None, ""})
    return " ".join(filter(None, (parameter.get("description"), f"({limits})" if limits else None)))
