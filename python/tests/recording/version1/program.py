import asyncio
import os
import signal
import sys
import threading


class Refused(Exception):
    pass


def fail(message):
    raise Refused(message)


def catch(message):
    try:
        fail(message)
    except Refused:
        return len(message)


def count(limit):
    for number in range(limit):  # noqa: UP028
        yield number


async def wait(number):
    await asyncio.sleep(0)
    return number


async def together():
    return await asyncio.gather(*(wait(number) for number in range(3)))


def descend(level):
    return descend(level - 1) if level else "ü\ud800"


def work(name, rounds):
    for number in range(rounds):
        catch(f"{name} {number}")
    list(count(9))
    descend(20)
    asyncio.run(together())


rounds = int(sys.argv[1])
threads = [threading.Thread(target=work, args=(f"thread {n}", rounds)) for n in range(2)]
for thread in threads:
    thread.start()
work("main", rounds)
for thread in threads:
    thread.join()
if len(sys.argv) > 2:
    os.kill(os.getpid(), signal.SIGKILL)
