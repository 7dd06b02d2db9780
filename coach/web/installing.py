"""What a browser needs to keep the pages among a phone's apps. No worker: nothing of anybody's health is cached."""

from functools import cache
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from coach.charts.resvg import rasterised
from coach.errors import NotFoundError
from coach.web.rendering import FOLDER
from coach.web.visit import Anybodys

router: Final = APIRouter()

_MARK: Final = FOLDER / "static" / "mark.svg"
_MARKS_PX: Final = 96
_SIZES: Final = (192, 512)
_TOUCH: Final = 180  # as iOS shows it
# The colours of coach.css, in which an app's frame is painted before its style is there.
_PAGE, _ACCENT = "#f3f5f4", "#2a6f5f"
# A phone hands a recording over by its type where it knows one; most know none for FIT.
_TAKEN: Final = (".fit", ".gz", ".zip", "application/octet-stream", "application/gzip", "application/zip")


@router.get("/manifest.webmanifest")
def manifest(visit: Anybodys) -> Response:
    root, name = visit.site.root, visit.say("title.coach")
    icons = [
        {"src": f"{root}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in _SIZES
        for purpose in ("any", "maskable")  # the mark fills its square, and its sign stays within the inner circle
    ]
    told = {
        "id": f"{root}/",
        "name": name,
        "short_name": visit.say("install.short_name"),
        "lang": visit.words.language,
        "start_url": f"{root}/",
        "scope": f"{root}/",
        "display": "standalone",
        "background_color": _PAGE,
        "theme_color": _ACCENT,
        "icons": icons,
        "share_target": {
            "action": f"{root}/share",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "files", "accept": list(_TAKEN)}]},
        },
    }
    return JSONResponse(told, media_type="application/manifest+json")


@router.get("/icon-{size}.png")
def icon(size: int) -> Response:
    if size not in {*_SIZES, _TOUCH}:
        raise NotFoundError(str(size))
    return Response(_icon(size), media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


@cache
def _icon(size: int) -> bytes:
    return rasterised(_MARK.read_text(encoding="utf-8"), size / _MARKS_PX)
