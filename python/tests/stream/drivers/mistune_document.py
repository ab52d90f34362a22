import mistune

TEXT = """\
# Title

Some *text* with `code`, [a link](/page) & more.[^1]

1. one
2. two

| a | b |
| - | - |
| 1 | 2 |

[^1]: A note.
"""

print(mistune.create_markdown(plugins=["table", "footnotes"])(TEXT))
print(mistune.create_markdown(renderer="ast")("> *a*"))
