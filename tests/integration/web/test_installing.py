"""What a browser reads before it keeps the pages among a phone's apps."""

from dataclasses import replace
from struct import unpack

import pytest
from fastapi.testclient import TestClient

from coach.web.pages import site
from config.settings import Settings


def told(world, public_url=None, language="en"):
    settings = Settings(home=world.app.settings.home, public_url=public_url, database_url=None)
    client = TestClient(site(replace(world.app, settings=settings), None))
    return client, client.get("/manifest.webmanifest", headers={"accept-language": language}).json()


@pytest.mark.parametrize("root", ["", "/back"])
def test_all_of_it_lies_below_the_public_address(world, root):
    client, manifest = told(world, f"https://coach.example{root}")
    assert manifest["start_url"] == manifest["scope"] == f"{root}/"
    assert manifest["share_target"]["action"] == f"{root}/share"
    for each in manifest["icons"]:
        assert each["src"].startswith(f"{root}/icon-")
        png = client.get(each["src"].removeprefix(root)).content
        assert "{}x{}".format(*unpack(">II", png[16:24])) == each["sizes"]
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    assert f'href="{root}/manifest.webmanifest"' in client.get("/sign-in").text


def test_it_speaks_the_browsers_language(world):
    assert [told(world, language=each)[1]["lang"] for each in ("en", "de")] == ["en", "de"]


def test_recordings_can_be_shared_with_it(world):
    (files,) = told(world)[1]["share_target"]["params"]["files"]
    assert {".fit", ".gz", ".zip", "application/octet-stream"} <= set(files["accept"])


def test_there_are_marks_of_some_sizes(world):
    browser = world.browser()
    assert browser.open("/icon-180.png").headers["content-type"] == "image/png"
    browser.open("/icon-9999.png", 404)
    browser.open("/icon-x.png", 404)
