"""Which language a visitor gets."""

import pytest
from django.conf import settings
from django.test import Client

CHINESE = "随口一句，织成周全的安排"
ENGLISH = "Say it once."


def test_the_page_is_chinese_whatever_the_browser_prefers(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert CHINESE in response.text
    assert response.headers["Content-Language"] == "zh-hans"


def test_lang_en_answers_in_english_and_is_remembered(client: Client) -> None:
    assert ENGLISH in client.get("/?lang=en").text
    assert ENGLISH in client.get("/").text


def test_lang_zh_hans_goes_back_to_chinese(client: Client) -> None:
    client.get("/?lang=en")
    assert CHINESE in client.get("/?lang=zh-hans").text
    assert CHINESE in client.get("/").text


@pytest.mark.parametrize("code", ["fr", "", "en\0", "<script>"])
def test_an_unknown_language_changes_nothing(client: Client, code: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert ENGLISH in client.get("/", {"lang": code}).text
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
    assert CHINESE in client.get("/").text


def test_caches_are_told_that_the_cookie_matters(client: Client) -> None:
    assert "Cookie" in client.get("/").headers["Vary"]


def test_the_page_forbids_whatever_is_not_its_own(client: Client) -> None:
    response = client.get("/?lang=en")
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert " style=" not in response.text
    assert "<script>" not in response.text
