"""Threads one after the other, each with generators, exceptions and closures."""

import concurrent.futures
import queue
import sys
import threading

# A thread runs until it waits: on a busy machine too, the order of what threads do is one.
sys.setswitchinterval(1000)


def primes(limit):
    for candidate in range(2, limit):
        if all(candidate % divisor for divisor in range(2, candidate)):
            yield candidate


class Worker(threading.Thread):
    def __init__(self, number):
        super().__init__()
        self.number = number
        self.result = None

    def run(self):
        try:
            self.result = sum(primes(30 // self.number))
        except ZeroDivisionError as error:
            self.result = error
        finally:
            self.number = None


for number in (1, 0, 2):
    worker = Worker(number)
    worker.start()
    worker.join()
    print(worker.result)

thread = threading.Thread(target=lambda: [primes(3), 1 / 0])
threading.excepthook = lambda arguments: print(arguments.exc_type)
thread.start()
thread.join()

tasks = queue.SimpleQueue()
with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
    for number in range(3):
        print(pool.submit(lambda number=number: list(primes(10 * number))).result())
