import ArgumentParser
import Glibc

do {
  let end = try Command.parse().execute()
  if end.wasInterrupted { dieOfInterrupt() }
  exit(end.status)
} catch {
  // ArgumentParser throws a request for help as an error with exit status 0.
  if Command.exitCode(for: error) == .success { Command.exit(withError: error) }
  printMessage(Command.message(for: error))
  exit(2)
}
