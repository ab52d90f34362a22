import jinja2

PAGE = """\
{% extends "base" %}
{% macro item(x) %}<li>{{ x }}</li>{% endmacro %}
{% block title %}{{ title|upper }}{% endblock %}
{% block body %}
{% for x in items if x is odd %}{{ item(x) }}{% else %}none{% endfor %}
{% endblock %}
"""

environment = jinja2.Environment(
    autoescape=True,
    loader=jinja2.DictLoader(
        {
            "base": "<h1>{% block title %}{% endblock %}</h1>{% block body %}{% endblock %}",
            "page": PAGE,
        }
    ),
)
print(environment.get_template("page").render(title="a < b", items=range(7)))
try:
    environment.from_string("{{ 1 / zero }}").render(zero=0)
except ZeroDivisionError as error:
    print(error)
