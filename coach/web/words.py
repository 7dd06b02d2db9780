"""What pages say, in the language of who reads them."""

from dataclasses import dataclass

from fastapi import Request

from config.messages import Messages, catalogue
from config.messages.catalogue import languages, pages


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of pages, and those that pages share with messages."""

    messages: Messages
    own: Messages

    @property
    def language(self) -> str:
        return self.messages.language

    def text(self, key: str, **fields: object) -> str:
        """
        Raises:
            MessageError: there is no such key, or a field that it names was not given.
        """
        return (self.own if self.own.has(key) else self.messages).text(key, **fields)


def words_in(language: str) -> Words:
    return Words(catalogue(language), pages(language))


def asked_for(request: Request) -> str:
    """The first language that the browser asks for and we have; for those of whom nothing else is known."""
    asked = (each.strip()[:2].lower() for each in request.headers.get("accept-language", "").split(","))
    return next((each for each in asked if each in languages()), "en")
