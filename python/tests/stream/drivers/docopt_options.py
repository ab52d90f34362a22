import docopt

USAGE = """\
Usage: ship (new NAME... | move [--speed=KN] X Y | --help)

Options: --speed=KN  [default: 10]
"""

for arguments in (["new", "a", "b"], ["move", "1", "2", "--speed=15"], ["sink"]):
    try:
        print(sorted(docopt.docopt(USAGE, arguments).items(), key=str))
    except SystemExit as error:
        print(error)
