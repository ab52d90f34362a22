import SwiftTrace
import Testing

@Suite struct FilterTests {
  @Test(arguments: [
    ("*", "", true), ("*", "anything", true), ("a*c", "abc", true), ("a*c", "abd", false),
    ("a?c", "abc", true), ("a?c", "ac", false), ("[ab]x", "bx", true), ("[!ab]x", "bx", false),
    ("[a-f]1", "e1", true), ("[a-f]1", "g1", false), ("*.py", "/x/y.py", true), ("[", "[", true),
    ("Parser.*", "Parser.next", true), ("Parser.*", "Lexer.next", false), ("", "", true),
    ("*a*b*", "xxaxxbxx", true), ("*a*b", "ab!", false), ("[]]", "]", true),
  ])
  func globsMatchAsInFnmatch(pattern: String, text: String, matches: Bool) {
    #expect(Glob(pattern).matches(text.utf8) == matches)
  }

  @Test(arguments: [
    ("run.py", "/home/me/run.py", true), ("me/*.py", "/home/me/run.py", true),
    ("un.py", "/home/me/run.py", false), ("/home/*", "/home/me/run.py", true),
  ])
  func pathsMatchFromAnyFolder(pattern: String, path: String, matches: Bool) {
    #expect(Glob(pattern).matches(path: path.utf8) == matches)
  }

  private var ownCode: CodeFilter {
    var filter = CodeFilter()
    filter.includesForeign = false
    filter.foreignFolders = ["/usr/lib/python3.11/"]
    filter.hidden = ["/venv/swifttrace/"]
    return filter
  }

  @Test func ownCodeLeavesOutForeignFoldersAndFrozenModules() {
    let filter = ownCode
    #expect(filter.accepts(file: "/home/me/run.py", qualifiedName: "main"))
    #expect(!filter.accepts(file: "/usr/lib/python3.11/json/decoder.py", qualifiedName: "loads"))
    #expect(!filter.accepts(file: "<frozen importlib._bootstrap>", qualifiedName: "_find"))
    #expect(filter.accepts(file: "<string>", qualifiedName: "<module>"))
  }

  @Test func theProgramItselfIsOwnWhereverItLies() {
    var filter = ownCode
    filter.ownFiles = ["/usr/lib/python3.11/json/", "/usr/lib/python3.11/this.py"]
    #expect(filter.accepts(file: "/usr/lib/python3.11/json/tool.py", qualifiedName: "main"))
    #expect(filter.accepts(file: "/usr/lib/python3.11/this.py", qualifiedName: "<module>"))
    #expect(!filter.accepts(file: "/usr/lib/python3.11/this.py.bak", qualifiedName: "<module>"))
  }

  @Test func includeBringsForeignCodeInAndExcludeTakesAway() {
    var filter = ownCode
    filter.include = [Glob("json/*")]
    #expect(filter.accepts(file: "/usr/lib/python3.11/json/decoder.py", qualifiedName: "loads"))
    #expect(!filter.accepts(file: "/home/me/run.py", qualifiedName: "main"))
    filter.exclude = [Glob("decoder.py")]
    #expect(!filter.accepts(file: "/usr/lib/python3.11/json/decoder.py", qualifiedName: "loads"))
  }

  @Test func functionsNarrowAndHiddenCodeStaysHidden() {
    var filter = ownCode
    filter.includesForeign = true
    filter.functions = [Glob("Parser.*")]
    #expect(filter.accepts(file: "/home/me/run.py", qualifiedName: "Parser.next"))
    #expect(!filter.accepts(file: "/home/me/run.py", qualifiedName: "main"))
    #expect(!filter.accepts(file: "/venv/swifttrace/_cli/main.py", qualifiedName: "Parser.next"))
  }

  /// The message of a filter that has met functions, each a file and a name.
  private func message(_ filter: CodeFilter, _ met: [(String, String)]) -> String? {
    var outcome = FilterOutcome()
    for (file, name) in met {
      let function = Function(name: name, qualifiedName: name, file: file)
      outcome.note(filter.accepts(file: file, qualifiedName: name), function, by: filter)
    }
    return outcome.message(filter, folder: "/home/me/")
  }

  @Test func whatWouldMatchIsNamed() {
    var filter = CodeFilter()
    filter.includesForeign = false
    filter.foreignFolders = ["/usr/lib/python3/"]
    let met = [("/usr/lib/python3/re.py", "match"), ("/home/me/a.py", "f"), ("/b.py", "g")]
    #expect(message(filter, met) == nil)
    #expect(message(filter, []) == nil)
    #expect(
      message(filter, [met[0]])
        == "nothing matched: only code of libraries ran; --all traces it, --include a part of it; "
        + "files that ran: /usr/lib/python3/re.py")
    var byFile = filter
    byFile.include = [Glob("src/cc.py"), Glob("d.txt")]
    #expect(
      message(byFile, met)
        == "nothing matched --include 'src/cc.py' --include 'd.txt'; files that ran: a.py, /b.py")
    var byName = filter
    byName.functions = [Glob("h")]
    #expect(
      message(byName, met) == "nothing matched --function 'h'; functions that ran: f, g")
    let many = (0..<10).map { ("/home/me/\($0).py", "f\($0)") }
    #expect(
      message(byName, many + many)
        == "nothing matched --function 'h'; functions that ran: f0, f1, f2, f3, f4 and 5 more")
    byName.functions = [Glob("Parser.fin")]
    #expect(
      message(byName, many + [("/a.py", "Parser.find"), ("/a.py", "Parser.sink")])
        == "nothing matched --function 'Parser.fin'; functions that ran: Parser.find, "
        + "Parser.sink, f0, f1, f2 and 7 more")
    byName.functions = [Glob("h")]
    #expect(message(byName, met + [("/home/me/a.py", "h")]) == nil)
    var without = filter
    without.exclude = [Glob("*")]
    #expect(
      message(without, met) == "nothing is left by --exclude '*'; files that ran: a.py, /b.py")
  }
}
