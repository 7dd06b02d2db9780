"""What is stopped before any page: a page all the same, in the browser's language, with a way on."""


def test_what_another_site_sends(ada, words):
    page = ada.client.post("/check-in", headers={"sec-fetch-site": "cross-site", "accept-language": "de-DE"})
    assert page.status_code == 403
    assert '<html lang="de">' in page.text
    assert "Das kam von einer anderen Seite" in words(page)
    assert 'href="/"' in page.text


def test_what_is_too_long(ada, words):
    page = ada.client.post("/log", data={"note": "x" * 70_000})
    assert page.status_code == 413
    assert "longer than a form here can be" in words(page)


def test_a_fault_of_ours(ada, monkeypatch, words):
    def fails(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("coach.web.history._view", fails)
    page = ada.open("/history", 500)
    assert "Nothing was half-written" in words(page)
    assert "secret" not in page.text
    assert page.headers["content-type"].startswith("text/html")
