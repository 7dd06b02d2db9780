"""The HTML of a message: of one that brings a page of its own, that page; of one that can be answered, a small one.

Everything that somebody wrote is escaped. Styles are inline, for some mail programs throw style sheets away, and
colours that have to give way in the dark stand in one.
"""

from collections.abc import Iterable
from html import escape
from typing import Final

from scheduler.messages import Action, Message

# A thumb covers some 9 mm, 44 CSS pixels (Apple's and WCAG 2.5.5's least): 12 above and below a line of 24.
_BUTTON: Final = (
    "display: inline-block; margin: 0 8px 8px 0; padding: 12px 20px; border-radius: 8px; background: #2f7d6b; "
    "color: #ffffff; font-size: 16px; line-height: 24px; font-weight: 600; text-decoration: none;"
)
_SMALL: Final = (
    "display: inline-block; min-width: 20px; margin: 0 6px 8px 0; padding: 10px 12px; border-radius: 8px; "
    "background: #2f7d6b; color: #ffffff; font-size: 16px; line-height: 24px; font-weight: 600; text-align: center; "
    "text-decoration: none;"
)
_ASIDE: Final = (
    "display: inline-block; color: inherit; margin: 0 16px 0 0; padding: 8px 0; font-size: 14px; line-height: 24px;"
)
_LETTER: Final = """<!doctype html>
<html{language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
  body {{ margin: 0; background: #ffffff; color: #1d2b2a; }}
  @media (prefers-color-scheme: dark) {{ body {{ background: #1b2422; color: #e6edea; }} }}
</style>
</head>
<body style="font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; \
font-size: 16px; line-height: 1.5;">
<div style="max-width: 600px; margin: 0 auto; padding: 24px;">
{body}</div>
</body>
</html>
"""


def page_of(message: Message) -> str | None:
    """The HTML of a message; None where its text is all there is to it."""
    if message.html is not None or not message.actions:
        return message.html
    language = f' lang="{escape(message.language)}"' if message.language else ""
    body = paragraphs(message.text) + buttons(message.actions)
    return _LETTER.format(language=language, title=escape(message.title), body=body)


def paragraphs(text: str) -> str:
    """A text with blank lines between its paragraphs; a line's end within one stays."""
    parts = (part.strip() for part in text.split("\n\n"))
    return "".join(
        f'<p style="margin: 0 0 16px;">{escape(part).replace(chr(10), "<br>")}</p>\n' for part in parts if part
    )


def buttons(actions: Iterable[Action]) -> str:
    """A button for each, large enough for a thumb; one with choices is a row of small ones below its label. Those that
    are aside are plain links below.
    """
    single = [each for each in actions if not each.choices and not each.aside]
    asides = "".join(_link(_ASIDE, each.url, each.label) for each in actions if each.aside)
    rows = [
        f'<p style="margin: 0 0 8px;">{escape(each.label)}</p>\n<p style="margin: 0 0 8px;">{"".join(_row(each))}</p>\n'
        for each in actions
        if each.choices
    ]
    links = "".join(_link(_BUTTON, each.url, each.label) for each in single)
    return "".join([*rows, *(f'<p style="margin: 0 0 8px;">{each}</p>\n' for each in (links, asides) if each)])


def _row(action: Action) -> Iterable[str]:
    return (_link(_SMALL, f"{action.url}/{choice}", choice) for choice in action.choices)


def _link(style: str, url: str, label: str) -> str:
    return f'<a href="{escape(url)}" style="{style}">{escape(label)}</a>\n'
