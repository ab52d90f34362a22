"""Programs that use small packages of PyPI have equal output and status, traced or not."""

import pytest
from conftest import SameAsUntraced

PROGRAMS = {
    "jinja2": """
import jinja2
text = "{% for x in items if x %}{{ loop.index }}: {{ x|upper }}{{ ', ' * loop.first }}{% endfor %}"
print(jinja2.Template(text).render(items=["a", "", "b"]))
environment = jinja2.Environment(loader=jinja2.DictLoader({
    "base": "<{% block body %}{% endblock %}>",
    "page": "{% extends 'base' %}{% macro m(x) %}{{ x }}!{% endmacro %}"
            "{% block body %}{{ m(1) }}{% endblock %}",
    "bad": "line\\n{{ 1 / 0 }}",
}))
print(environment.get_template("page").render())
environment.get_template("bad").render()
""",
    "markdown": """
import markdown
text = "# Title\\n\\nA *text*, `code` and [a link](http://x.y).\\n\\n- one\\n- two\\n    - three\\n"
print(markdown.markdown(text))
table = "a | b\\n--- | ---\\n1 | 2\\n\\n[^1]: Note.\\n\\nText[^1]."
print(markdown.markdown(table, extensions=["tables", "footnotes", "toc"]))
markdown.markdown(text, extensions=["nothing"])
""",
    "pyparsing": """
import pyparsing as pp
number = pp.pyparsing_common.number
expression = pp.infix_notation(number, [
    (pp.one_of("* /"), 2, pp.OpAssoc.LEFT),
    (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT),
])
print(expression.parse_string("1 + 2 * (3 - 4.5)").as_list())
print(pp.DelimitedList(pp.Word(pp.alphas)("word")).parse_string("a, b,c").dump())
expression.parse_string("1 + * 2", parse_all=True)
""",
    "pygments": """
import pygments, pygments.formatters, pygments.lexers
code = "def f(x):\\n    return x + 1  # one\\n"
lexer = pygments.lexers.get_lexer_by_name("python")
print(pygments.highlight(code, lexer, pygments.formatters.HtmlFormatter(linenos=True)))
print([name for name, *_ in pygments.lexers.get_all_lexers()][:5])
pygments.lexers.get_lexer_by_name("nothing")
""",
    "sortedcontainers": """
from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet
numbers = SortedList(range(3000, 0, -1), key=None)
numbers.update([5, 5, 7])
print(len(numbers), numbers[:8], numbers.bisect(7), numbers.count(5))
print(SortedDict(b=1, a=2), SortedSet("hello"), SortedKeyList("bca", key=ord))
numbers.remove(-1)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_use_packages(same_as_untraced: SameAsUntraced, name: str) -> None:
    # Each ends with an exception or a message, whose text is compared too.
    ended = same_as_untraced(program=PROGRAMS[name].lstrip(), env={"PYTHONWARNINGS": "ignore"})
    assert ended.stdout
    assert ended.status == 1
    assert ended.stderr
