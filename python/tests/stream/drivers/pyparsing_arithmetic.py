import pyparsing

number = pyparsing.pyparsing_common.number()
expression = pyparsing.infix_notation(
    number,
    [
        (pyparsing.one_of("* /"), 2, pyparsing.OpAssoc.LEFT),
        (pyparsing.one_of("+ -"), 2, pyparsing.OpAssoc.LEFT),
    ],
)
print(expression.parse_string("1 + 2 * (3 - 4) / 5", parse_all=True))
try:
    expression.parse_string("1 + ", parse_all=True)
except pyparsing.ParseException as error:
    print(error)
