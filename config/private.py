"""What a log for a person's own eyes says, and one that programs collect does not."""


class Private(str):
    """A name, a file's name, a path, or a sentence that may quote one; as an argument of a log's line."""

    __slots__ = ()
