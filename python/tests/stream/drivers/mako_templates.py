"""A template is compiled to Python, and run."""

import mako.exceptions
import mako.template

PAGE = """\
<%def name="row(values)">${" ".join(str(value) for value in values)}</%def>
% for number in range(3):
${row(range(number))} ${number | h}
% endfor
${undefined_name}
"""

template = mako.template.Template(PAGE, uri="page")
print(template.render(undefined_name="<given>"))
try:
    print(template.render())
except NameError as error:
    print(error)
