import ArgumentParser
import Glibc

do {
  try Command.parse().execute().exit()
} catch {
  // ArgumentParser throws a request for help as an error with exit status 0.
  if Command.exitCode(for: error) == .success { Command.exit(withError: error) }
  printMessage(Command.message(for: error))
  exit(2)
}
