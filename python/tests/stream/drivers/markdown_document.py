import markdown

TEXT = """\
# Title

Some *text* with `code`, [a link](http://example.org) & more.

* one
* two

| a | b |
| - | - |
| 1 | 2 |

```
code
```
"""

print(markdown.markdown(TEXT, extensions=["tables", "fenced_code", "toc"]))
