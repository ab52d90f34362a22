import pygments
import pygments.formatters
import pygments.lexers

CODE = """\
class A(B):
    '''Doc.'''

    def f(self, x=1):
        return f"{x!r}" + "a"  # b
"""

lexer = pygments.lexers.PythonLexer()
print(pygments.highlight(CODE, lexer, pygments.formatters.HtmlFormatter()))
