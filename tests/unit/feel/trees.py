"""Generated syntax trees: every construct that a text of FEEL can have."""

from decimal import Decimal

from hypothesis import strategies as st

from onething.feel import nodes
from onething.feel.temporal_text import parse_temporal

NAMES = ("x", "年龄", "date of birth", "z1")
_names = st.sampled_from(NAMES)
_numbers = st.decimals(-(10**6), 10**6, places=3) | st.sampled_from([Decimal("1e50"), Decimal(0)])
_moments = st.sampled_from(
    ["2026-02-28", "-P1DT2H", "P1Y2M", "10:30:00+08:00", "2026-11-23T01:02:03.5@Asia/Shanghai"]
).map(parse_temporal)
_constants = (
    st.none() | st.booleans() | _numbers | st.text(max_size=4) | _moments
).map(nodes.Constant)  # fmt: skip
_types = st.recursive(
    st.sampled_from(["number", "date and time", "days and time duration", "Any", "own.type"]).map(
        nodes.TypeNode
    ),
    lambda inner: st.one_of(
        inner.map(lambda part: nodes.TypeNode("list", (part,))),
        inner.map(lambda part: nodes.TypeNode("context", members=(("a b", part),))),
        st.lists(inner, max_size=2).flatmap(
            lambda parts: inner.map(lambda r: nodes.TypeNode("function", tuple(parts), result=r))
        ),
    ),
    max_leaves=3,
)


def _iterators(inner):
    one = st.builds(nodes.Iterator, _names, inner, st.none() | inner)
    return st.lists(one, min_size=1, max_size=2).map(tuple)


def _comparisons(inner):
    return st.builds(nodes.Comparison, st.sampled_from(["=", "!="]), inner)


def _ranges(inner):
    flags = st.booleans()
    closed = st.builds(nodes.RangeOf, inner, inner, flags, flags)
    below = st.builds(nodes.RangeOf, st.none(), inner, st.just(False), flags)
    above = st.builds(nodes.RangeOf, inner, st.none(), flags, st.just(False))
    return closed | below | above


def _negated(inner):
    def is_no_number(node):
        return not (isinstance(node, nodes.Constant) and isinstance(node.value, Decimal))

    return inner.filter(is_no_number).map(nodes.Negate)


def _calls(inner):
    by_position = st.lists(inner, max_size=3).map(tuple)
    by_name = inner.map(lambda one: ((one, one), ("n", "start position")))
    positional = by_position.map(lambda arguments: (arguments, ()))
    return st.builds(
        lambda function, given: nodes.Call(function, *given), inner, positional | by_name
    )


def _grown(inner):
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    tests = st.lists(inner | _comparisons(inner), min_size=1, max_size=3).map(tuple)
    operators = st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "=", "!="])
    keys = st.lists(st.sampled_from(["a", "b c", '"', "1", ""]), unique=True, max_size=2)
    parameters = st.lists(st.tuples(_names, st.none() | _types), max_size=2).map(tuple)
    return st.one_of(
        tests.map(nodes.ListOf),
        keys.flatmap(lambda ks: st.tuples(*(st.tuples(st.just(k), inner) for k in ks))).map(
            nodes.ContextOf
        ),
        _ranges(inner),
        st.builds(nodes.Comparison, st.just("!="), inner),
        st.builds(nodes.Binary, operators, inner, inner),
        st.builds(nodes.Junction, st.sampled_from(["and", "or"]), some),
        _negated(inner),
        st.builds(nodes.Between, inner, inner, inner),
        st.builds(nodes.In, inner, tests),
        st.builds(nodes.InstanceOf, inner, _types),
        st.builds(nodes.Path, inner, _names),
        st.builds(nodes.Filter, inner, inner),
        _calls(inner),
        st.builds(nodes.If, inner, inner, inner),
        st.builds(nodes.For, _iterators(inner), inner),
        st.builds(nodes.Quantified, st.sampled_from(["some", "every"]), _iterators(inner), inner),
        st.builds(nodes.Lambda, parameters, inner),
    )


trees = st.recursive(_constants | _names.map(nodes.Name), _grown, max_leaves=8)
_tests = st.lists(trees | _comparisons(trees), min_size=1, max_size=3).map(tuple)
cells = st.builds(nodes.Tests, _tests, st.booleans())
