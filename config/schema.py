"""What a JSON Schema allows at a place, in words: the second half of a LibraryError's sentence."""

from collections.abc import Mapping
from typing import Any

from config.lines import KeyPath

Schema = Mapping[str, Any]

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "object": "a table",
    "array": "a list",
}


def at(root: Schema, key_path: KeyPath) -> Schema:
    """The schema of what stands at a key path; an empty one (anything goes) where the schema says nothing."""
    node = root
    for key in key_path:
        node = _child(_resolved(root, node), key)
    return node


def allowed(root: Schema, key_path: KeyPath) -> str:
    """`a whole number from 1 to 240`, `one of base, primary`, `a table with the keys start, ceiling`."""
    return _words(root, at(root, key_path))


def known_keys(root: Schema, key_path: KeyPath) -> str:
    """What a key in the table at this path may be: `one of start, ceiling, source`."""
    table = _resolved(root, at(root, key_path))
    if "propertyNames" in table:
        return _words(root, table["propertyNames"])
    return f"one of {', '.join(table.get('properties', ()))}"


def _child(node: Schema, key: str | int) -> Schema:
    if isinstance(key, int):
        fixed = node.get("prefixItems", ())
        found = fixed[key] if key < len(fixed) else node.get("items")
    else:
        found = node.get("properties", {}).get(key, node.get("additionalProperties"))
    return found if isinstance(found, Mapping) else {}


def _resolved(root: Schema, node: Schema) -> Schema:
    """Past references, and past the `or null` of an optional key."""
    while True:
        if "anyOf" in node:
            node = node["anyOf"][0]
        elif "$ref" in node:
            node = root["$defs"][node["$ref"].rpartition("/")[2]]
        else:
            return node


def _words(root: Schema, node: Schema) -> str:
    if "description" in node:  # of the field itself; that of a shared type is its docstring
        return str(node["description"])
    return _type_words(root, _resolved(root, node))


def _type_words(root: Schema, node: Schema) -> str:
    kind = _KINDS.get(node.get("type", ""), "something else")
    match node:
        case {"enum": members}:
            return f"one of {', '.join(map(str, members))}"
        case {"properties": keys}:
            return f"{kind} with the keys {', '.join(keys)}"
        case {"propertyNames": _}:
            return f"{kind} whose keys are each {_words(root, node['propertyNames'])}"
        case {"prefixItems": parts}:
            return f"{kind} of {len(parts)}, each {_words(root, parts[0])}"
        case {"items": each}:
            return f"{kind}{_range(node)}, each {_words(root, each)}"
        case _:
            return kind + _range(node)


def _range(node: Schema) -> str:
    match node:
        case {"minimum": low, "maximum": high}:
            return f" from {low} to {high}"
        case {"minimum": least} | {"minItems": least}:
            return f" of at least {least}"
        case {"maximum": most}:
            return f" of at most {most}"
        case {"maxLength": most}:
            return f" of 1 to {most} characters"
        case {"minLength": _}:
            return ", not empty"
        case _:
            return ""
