"""The texts of a language, by rule and by key. The data: en.toml beside this module, one file a language."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.document import Document, read
from config.errors import LibraryError, MessageError, Problem
from config.lines import KeyPath
from config.validation import validated

Text = Annotated[str, Field(min_length=1)]

_FOLDER = Path(__file__).parent
_LEAST_VARIANTS = 3  # the same text never twice running, and none twice in 14 days


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Variant(_Frozen):
    """One wording of a nudge. The title shows on lock screens."""

    title: Annotated[str, Field(min_length=1, max_length=40)]
    text: Text

    def filled(self, **fields: object) -> "Variant":
        """With its fields filled in.

        Raises:
            MessageError: a field that it names was not given.
        """
        return Variant(title=_filled(self.title, fields), text=_filled(self.text, fields))


class _Rule(_Frozen):
    fields: tuple[Text, ...] = ()
    variant: Annotated[tuple[Variant, ...], Field(min_length=_LEAST_VARIANTS)]


class _Group(BaseModel):
    """Texts that share their fields, each under its name."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Text] = Field(init=False)

    fields: tuple[Text, ...] = ()


class Messages(_Frozen):
    """The catalogue of a language, by its code."""

    language: Text = "en"
    rule: Mapping[str, _Rule] = {}
    groups: Mapping[str, _Group] = Field(alias="text")

    def variants(self, rule: str) -> tuple[Variant, ...]:
        """The wordings of a rule, at least three.

        Raises:
            MessageError: there is no such rule.
        """
        if rule not in self.rule:
            raise MessageError(f"no texts for rule {rule!r}; there are {', '.join(self.rule)}")
        return self.rule[rule].variant

    def names(self, group: str) -> tuple[str, ...]:
        """The names of a group's texts: what may follow the dot in `text`."""
        return tuple(self.groups[group].__pydantic_extra__) if group in self.groups else ()

    def has(self, key: str) -> bool:
        return key in self._templates

    def text(self, key: str, **fields: object) -> str:
        """The text of a key such as `band.on_plan`, with its fields filled in; one it does not name is left.

        Raises:
            MessageError: there is no such key, or a field that it names was not given.
        """
        template = self._templates.get(key)
        if template is None:
            raise MessageError(f"no text {key!r}")
        return _filled(template, fields)

    @cached_property
    def _templates(self) -> Mapping[str, str]:
        """Each text under its key: a letter has a hundred of them."""
        return {
            f"{group}.{name}": text
            for group, texts in self.groups.items()
            for name, text in texts.__pydantic_extra__.items()
        }


@cache
def languages() -> tuple[str, ...]:
    """The codes of those there are."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def catalogue(language: str = "en") -> Messages:
    """The texts of a language.

    Raises:
        LibraryError: there is no such language (names those there are), or its file is wrong.
    """
    if language not in languages():
        raise LibraryError(Problem(_FOLDER, None, None, f"no language {language!r}; one of {', '.join(languages())}"))
    return load(_FOLDER / f"{language}.toml")


@cache
def pages(language: str) -> Messages:
    """What only pages say in a language; only who shows pages loads it."""
    return load(_FOLDER / "pages" / f"{language}.toml")


def load(path: Path) -> Messages:
    """The texts of a file.

    Raises:
        LibraryError: every problem of it, a field that its table does not list among them.
    """
    document = read(path)
    messages = validated(document, Messages)
    if problems := tuple(check(document, messages)):
        raise LibraryError(*problems)
    return messages


def check(document: Document, messages: Messages) -> Iterator[Problem]:
    """Every text whose braces hold something else than the fields that its table lists."""
    for key_path, text, allowed in _texts(messages):
        try:
            named = _named(text)
        except ValueError as error:
            yield document.problem(key_path, f"has braces that do not pair up ({error}); double those that stay")
            continue
        for name in sorted(named - set(allowed)):
            listed = ", ".join(allowed) or "none here"
            yield document.problem(key_path, f"{{{name}}} is not a field of this text; its fields: {listed}")


def _texts(messages: Messages) -> Iterator[tuple[KeyPath, str, tuple[str, ...]]]:
    for code, rule in messages.rule.items():
        for index, variant in enumerate(rule.variant):
            yield ("rule", code, "variant", index, "title"), variant.title, rule.fields
            yield ("rule", code, "variant", index, "text"), variant.text, rule.fields
    for name, group in messages.groups.items():
        for key, text in group.__pydantic_extra__.items():
            yield ("text", name, key), text, group.fields


def _named(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _filled(template: str, fields: Mapping[str, object]) -> str:
    try:
        return template.format_map(fields)
    except KeyError as error:
        raise MessageError(f"the text {template!r} needs the field {error.args[0]!r}") from None
