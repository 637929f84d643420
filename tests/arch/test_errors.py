"""The tree of errors in the docstring is the tree of classes."""

from onething import errors
from onething.errors import OnethingError


def tree(kind: type, indent: str = "") -> list[str]:
    """Return the lines below a class as the docstring draws them."""
    lines = []
    children = kind.__subclasses__()
    children = [one for one in children if one.__module__ == errors.__name__]
    for place, child in enumerate(children):
        is_last = place == len(children) - 1
        lines.append(f"{indent}{'└' if is_last else '├'}── {child.__name__}")
        lines += tree(child, indent + ("    " if is_last else "│   "))
    return lines


def test_docstring_draws_the_classes():
    text = errors.__doc__ or ""
    drawn = [line[4:] for line in text.splitlines() if "── " in line]

    assert drawn == tree(OnethingError)


def test_every_error_has_a_sentence_that_is_its_default_message():
    def every(kind: type) -> list[type]:
        return [kind, *(inner for one in kind.__subclasses__() for inner in every(one))]

    assert all((one.__doc__ or "").partition("\n")[0].endswith(".") for one in every(OnethingError))
