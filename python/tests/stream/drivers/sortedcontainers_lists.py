import random

import sortedcontainers

numbers = sortedcontainers.SortedList(random.randrange(1000) for _ in range(500))
numbers._reset(20)
for _ in range(200):
    numbers.discard(random.randrange(1000))
    numbers.add(random.randrange(1000))
table = sortedcontainers.SortedDict((number, str(number)) for number in numbers)
print(list(numbers)[:5], table.peekitem(3), list(numbers.irange(10, 50)))
