"""The results of pip: the extension, the sdist, and error lines."""

import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
import setuptools

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"

# The version as an interpreter prints it, and as CPython's headers contain it.
VERSION = sys.version.split()[0]

# Calls the build backend as pip does, but without pip, so that stderr has only the project's text.
BUILD_WHEEL = "import setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs a command, with its output as text."""
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)


def run_well(*command: object, **options: object) -> str:
    """The output of a command that must succeed."""
    done = run(*command, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(**changes: object) -> dict[str, str]:
    # Under `make robust`, ignores warnings of pip and setuptools.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    return {**own, **{name: str(value) for name, value in changes.items()}}


def pip_install(*arguments: object, python: object = sys.executable, **changes: object) -> None:
    """Installs offline, with the setuptools of this environment."""
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    run_well(
        *[sys.executable, "-m", "pip", "--python", python, "install", *options, *arguments],
        env=environment(**changes),
    )


# The installed extension


@pytest.fixture(scope="module")
def extension() -> Path:
    spec = importlib.util.find_spec("swifttrace._swifttrace")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin)


def test_the_extension_is_compiled_for_this_python() -> None:
    from swifttrace import _swifttrace

    assert _swifttrace.compiled_for == VERSION


def test_the_extension_is_named_for_this_python(extension: Path) -> None:
    assert extension.name == "_swifttrace" + sysconfig.get_config_var("EXT_SUFFIX")


def test_the_extension_needs_only_libraries_that_every_machine_has(extension: Path) -> None:
    dynamic = run_well("readelf", "--dynamic", "--wide", extension)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    common = r"(libc|libm|libdl|libpthread|libgcc_s|libstdc\+\+|ld-linux-[\w-]+)\.so\.\d+"
    assert [name for name in needed if not re.fullmatch(common, name)] == []


def test_the_extension_finds_all_its_libraries_and_no_swift_or_python(extension: Path) -> None:
    libraries = run_well("ldd", extension)
    assert "not found" not in libraries
    assert not re.search(r"libswift|libpython|libFoundation|libdispatch", libraries)


def test_the_extension_names_no_toolchain(extension: Path) -> None:
    dynamic = run_well("readelf", "--dynamic", "--wide", extension)
    assert set(re.findall(r"\(R(?:UN)?PATH\).*\[(.*)\]", dynamic)) <= {"$ORIGIN"}


def test_the_extension_exports_its_entry_alone(extension: Path) -> None:
    symbols = run_well("readelf", "--dyn-syms", "--wide", extension)
    defined = re.findall(r"(?:GLOBAL|WEAK|UNIQUE)\s+\w+\s+(?!UND)\w+\s+(\S+)", symbols)
    assert defined == ["PyInit__swifttrace"]


def test_no_source_has_its_path_compiled_in() -> None:
    # Each makes the extension depend on the path of its build folder, or on the path's length.
    paths = r"\b(withoutActuallyEscaping\(|__FILE__|#file(Path)?\b)"
    files = [
        path for path in (ROOT / "Sources").rglob("*") if path.suffix in (".swift", ".c", ".h")
    ]
    assert len(files) > 100
    assert [path.name for path in files if re.search(paths, path.read_text())] == []


@pytest.mark.memory
def test_the_extension_is_small(extension: Path) -> None:
    assert extension.stat().st_size < 10_000_000


def test_the_version_is_the_same_everywhere() -> None:
    import swifttrace

    assert swifttrace.__version__ == importlib.metadata.version("swifttrace")


def test_the_metadata() -> None:
    metadata = importlib.metadata.metadata("swifttrace")
    assert set(metadata["Requires-Python"].split(",")) == {">=3.11", "<3.16"}
    assert metadata["License-Expression"] == "Apache-2.0"
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="swifttrace")
    assert script.value == "swifttrace.__main__:main"


def test_the_package_is_installed_with_its_types(extension: Path) -> None:
    source = ROOT / "python" / "swifttrace"
    suffixes = {".py", ".pyi", ".typed"}
    installed, expected = (
        {file.relative_to(folder) for file in folder.rglob("*") if file.suffix in suffixes}
        for folder in (extension.parent, source)
    )
    assert {Path("py.typed"), Path("_cli/main.py")} <= expected
    # The build generates this module.
    assert installed == expected | {Path("_built.py")}


# The sdist, and builds from it


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked sdist of this tree."""
    folder = tmp_path_factory.mktemp("sdist")
    build = "import sys, setuptools.build_meta as backend; print(backend.build_sdist(sys.argv[1]))"
    archive = folder / run_well(sys.executable, "-c", build, folder, cwd=ROOT).splitlines()[-1]
    run_well("tar", "-xzf", archive, "-C", folder)
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sdist, built in an environment in which pkg-config finds another Python."""
    folder = tmp_path_factory.mktemp("wheel")
    other = folder / "other"
    other.mkdir()
    (other / "Python.h").write_text('#error "the headers of another Python"\n')
    for name in ["python3", "python3-embed"]:
        text = f"Name: x\nDescription: x\nVersion: 3.99\nCflags: -I{other}\nLibs: -L{other}\n"
        (other / f"{name}.pc").write_text(text)
    run_well(
        *[sys.executable, "-c", f"import sys; {BUILD_WHEEL}", folder],
        cwd=sdist,
        env=environment(PKG_CONFIG_PATH=other, PKG_CONFIG_LIBDIR=other),
    )
    (file,) = folder.glob("*.whl")
    return file


@pytest.mark.slow
def test_the_sdist_holds_all_sources(sdist: Path) -> None:
    kinds = {".swift", ".c", ".h", ".modulemap", ".py", ".pyi", ".typed", ".sh"}
    folders = ["Sources", "Tests", "Fuzzing", "python", "scripts", "examples"]
    sources = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    expected = [str(file.relative_to(ROOT)) for file in sources if file.suffix in kinds]
    expected += ["Package.swift", "setup.py", "setup.cfg", "pyproject.toml", "Makefile", ".ci/run"]
    expected += ["README.md", "LICENSE"]
    assert [name for name in expected if not (sdist / name).is_file()] == []


@pytest.mark.slow
def test_a_wheel_of_the_sdist_is_for_this_python_whatever_pkg_config_finds(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path)
    program = "from swifttrace import _swifttrace as s; print(s.compiled_for, s.__file__)"
    # Isolated and with the folder first in the path, so that the installed swifttrace is not used.
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"
    version, file_name = run_well(sys.executable, "-I", "-c", program).split()
    assert version == VERSION
    assert Path(file_name).is_relative_to(tmp_path)


@pytest.mark.slow
def test_an_editable_install_runs_from_the_tree(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    # Uses `wheel`, so that the sdist's tree has already been compiled.
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    tools = tmp_path / "tools"
    tools.mkdir()
    site_packages = Path(setuptools.__file__).parents[1]
    for pattern in ["setuptools*", "_distutils_hack"]:
        for folder in site_packages.glob(pattern):
            (tools / folder.name).symlink_to(folder)
    pip_install("--editable", sdist, python=python, PYTHONPATH=tools)

    program = "from swifttrace import _swifttrace as s; print(s.compiled_for, s.__file__)"
    version, file_name = run_well(python, "-I", "-c", program).split()
    assert version == VERSION
    assert Path(file_name).parent == sdist / "python" / "swifttrace"
    traced = run(python, "-c", "def f(): pass\nf()", env=environment(SWIFTTRACE="--calls"))
    assert "f()" in traced.stderr.splitlines()[-1]


# Messages about missing parts


def fake_swift(folder: Path, version: str, build_status: int = 0) -> Path:
    """A program `swift` that only prints a version."""
    folder.mkdir(exist_ok=True)
    program = folder / "swift"
    program.write_text(
        f'#!/bin/sh\ncase "$1" in --version) echo "{version}";; *) exit {build_status};; esac\n'
    )
    program.chmod(0o755)
    return program


def failed_build(
    tmp_path: Path, before: str = "", **changes: object
) -> subprocess.CompletedProcess[str]:
    """A build of a wheel that must fail. Its process runs `before` first."""
    program = f"import sys; {before or 'pass'}; {BUILD_WHEEL}"
    options = {"cwd": ROOT, "env": environment(**changes)}
    done = run(sys.executable, "-c", program, tmp_path, **options)
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr
    return done


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.splitlines()[-1]


def test_no_swift(tmp_path: Path) -> None:
    done = failed_build(tmp_path, PATH=tmp_path, SWIFT="")
    assert last_line(done) == (
        "swifttrace: no Swift toolchain: there is no program `swift`; "
        "install Swift 6.2 or newer (https://www.swift.org/install), or set SWIFT; "
        "no Swift is needed for a wheel: Linux on x86-64 with glibc 2.28 or newer, and "
        "CPython 3.11 to 3.15: https://pypi.org/project/swifttrace/#files"
    )


def test_the_variable_swift_names_nothing(tmp_path: Path) -> None:
    done = failed_build(tmp_path, SWIFT=tmp_path / "swift")
    assert f"there is no program `{tmp_path}/swift`" in last_line(done)


def test_a_program_that_only_has_the_name(tmp_path: Path) -> None:
    program = fake_swift(tmp_path / "bin", "python-swiftclient 4.2.0")
    done = failed_build(tmp_path, PATH=f"{program.parent}:{os.environ['PATH']}", SWIFT="")
    assert last_line(done).startswith(
        f"swifttrace: no Swift toolchain: {program} is something else; install Swift 6.2 or newer"
    )


@pytest.mark.parametrize("version", ["5.10.1", "6.1", "6.1.3"])
def test_an_old_swift(tmp_path: Path, version: str) -> None:
    program = fake_swift(tmp_path / "bin", f"Swift version {version} (swift-{version}-RELEASE)")
    done = failed_build(tmp_path, SWIFT=program)
    assert last_line(done).startswith(
        f"swifttrace: Swift {version} is too old ({program}); install Swift 6.2 or newer"
    )


def test_pip_shows_the_line(tmp_path: Path) -> None:
    program = fake_swift(tmp_path / "bin", "Swift version 6.0 (swift-6.0-RELEASE)")
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path]
    done = run(
        *[sys.executable, "-m", "pip", "wheel", *options, ROOT], env=environment(SWIFT=program)
    )
    assert done.returncode != 0
    shown, _, _ = (done.stdout + done.stderr).partition("[end of output]")
    assert f"swifttrace: Swift 6.0 is too old ({program})" in shown.splitlines()[-2]
    assert "Traceback" not in shown


def test_a_build_that_fails(tmp_path: Path) -> None:
    program = fake_swift(tmp_path / "bin", "Swift version 6.2", build_status=7)
    done = failed_build(tmp_path, SWIFT=program)
    assert last_line(done) == (
        "swifttrace: `swift build` failed with status 7; its messages are above"
    )


def test_no_headers(tmp_path: Path) -> None:
    empty = tmp_path / "include"
    done = failed_build(
        tmp_path, before=f"import sysconfig; sysconfig.get_path = lambda name: {str(empty)!r}"
    )
    line = last_line(done)
    assert line.startswith(
        f"swifttrace: Python.h of Python {platform.python_version()} is not in {empty}; "
    )
    assert re.search(r"; (run: sudo apt-get install python3\.\d+-dev|install its headers)$", line)


def test_headers_of_another_python(tmp_path: Path) -> None:
    for name in ["Python.h", "pyconfig.h"]:
        (tmp_path / name).touch()
    version = "#define PY_MAJOR_VERSION 3\n#define PY_MINOR_VERSION 99\n"
    (tmp_path / "patchlevel.h").write_text(version)
    done = failed_build(
        tmp_path, before=f"import sysconfig; sysconfig.get_path = lambda name: {str(tmp_path)!r}"
    )
    version = platform.python_version()
    assert last_line(done).startswith(
        f"swifttrace: the headers in {tmp_path} are of Python 3.99, not {version}; "
    )


def test_an_old_python() -> None:
    # `python_requires` stops pip; this check is for setup.py and the Makefile.
    version = "import sys, runpy; sys.version_info = (3, 10, 13, 'final', 0)"
    for file in [ROOT / "setup.py", SCRIPTS / "interpreter.py"]:
        program = f"{version}; runpy.run_path({str(file)!r}, run_name='__main__')"
        done = run(sys.executable, "-c", program, "--version", cwd=ROOT)
        assert done.returncode != 0
        assert done.stderr == (
            f"swifttrace: Python 3.11 or newer is needed; {sys.executable} is Python 3.10.13\n"
        )


def test_a_newer_python() -> None:
    version = "import sys, runpy; sys.version_info = (3, 16, 0, 'alpha', 1)"
    for file in [ROOT / "setup.py", SCRIPTS / "interpreter.py"]:
        program = f"{version}; runpy.run_path({str(file)!r}, run_name='__main__')"
        done = run(sys.executable, "-c", program, "--version", cwd=ROOT)
        assert done.returncode != 0
        assert done.stderr == (
            f"swifttrace: {sys.executable} is Python 3.16.0, which is newer than any that "
            "swifttrace knows; use Python 3.11 to 3.15, or a newer swifttrace\n"
        )


def test_the_supported_versions_are_the_same_everywhere() -> None:
    program = "import interpreter; print(interpreter.OLDEST[1], interpreter.NEWEST[1])"
    oldest, newest = map(int, run_well(sys.executable, "-c", program, cwd=SCRIPTS).split())
    supported = importlib.metadata.metadata("swifttrace")
    assert set(supported["Requires-Python"].split(",")) == {f">=3.{oldest}", f"<3.{newest + 1}"}
    classifiers = "\n".join(supported.get_all("Classifier", []))
    named = re.findall(r":: 3\.(\d+)$", classifiers, re.MULTILINE)
    assert [int(minor) for minor in named] == list(range(oldest, newest + 1))
    compat = (ROOT / "Sources" / "CTraceHook" / "compat.h").read_text()
    assert f"PY_VERSION_HEX < 0x03{oldest:02X}0000\n#error" in compat
    assert f"#define compat_NEWEST 0x03{newest:02X}\n" in compat
    assert f'the newest is 3.{newest}"' in compat


def test_the_headers_of_a_newer_python_do_not_compile(tmp_path: Path) -> None:
    (tmp_path / "Python.h").write_text("#define PY_VERSION_HEX 0x03100000\n")
    compat = ROOT / "Sources" / "CTraceHook" / "compat.h"
    done = run("clang", "-fsyntax-only", "-x", "c", "-I", tmp_path, compat)
    assert done.returncode != 0
    assert "swifttrace does not know this version of CPython yet" in done.stderr


def test_another_system() -> None:
    program = (
        "import sys, platform, runpy; sys.platform = 'darwin'; platform.system = lambda: 'Darwin';"
        f"runpy.run_path({str(SCRIPTS / 'interpreter.py')!r}, run_name='__main__')"
    )
    done = run(sys.executable, "-c", program)
    assert done.returncode != 0
    assert done.stderr == "swifttrace: Linux is needed; this is Darwin\n"


def test_another_implementation() -> None:
    program = (
        "import sys, runpy; sys.implementation.name = 'pypy';"
        f"runpy.run_path({str(SCRIPTS / 'interpreter.py')!r}, run_name='__main__')"
    )
    done = run(sys.executable, "-c", program)
    assert done.returncode != 0
    assert done.stderr.startswith("swifttrace: CPython is needed; ")


# An installation for the wrong interpreter


@pytest.fixture
def copied(extension: Path, tmp_path: Path) -> Path:
    """The engine's file in a copy of the package, for `import_error`."""
    shutil.copytree(extension.parent, tmp_path / "swifttrace")
    return tmp_path / "swifttrace" / extension.name


def import_error(copied: Path, before: str = "") -> str:
    """The last line that an import of the copied package prints, after running `before`."""
    program = (
        f"import sys; sys.path.insert(0, {str(copied.parents[1])!r})\n{before}\nimport swifttrace"
    )
    done = run(sys.executable, "-c", program)
    assert done.returncode == 1, done.stderr
    return last_line(done)


def test_the_engine_of_another_python(copied: Path) -> None:
    copied.rename(copied.with_name("_swifttrace.cpython-399-x86_64-linux-gnu.so"))
    assert import_error(copied) == (
        "ImportError: swifttrace does not fit this Python: its engine is built for "
        f"cpython-399-x86_64-linux-gnu, this is {sysconfig.get_config_var('SOABI')}; "
        f"run: {sys.executable} -m pip install --force-reinstall swifttrace"
    )


def test_no_engine(copied: Path) -> None:
    copied.unlink()
    assert "its engine is missing, this is cpython-3" in import_error(copied)


def test_the_engine_of_another_python_under_the_name_for_this_one(copied: Path) -> None:
    # Changes the interpreter's version in memory, so that the engine does not fit.
    before = """
import ctypes, mmap
version = ctypes.c_ulong.in_dll(ctypes.pythonapi, "Py_Version")
page = ctypes.addressof(version) & -mmap.PAGESIZE
assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(page), mmap.PAGESIZE, 3) == 0
version.value = 0x03630000
"""
    minor = sys.version_info.minor
    assert import_error(copied, before).startswith(
        "ImportError: swifttrace does not fit this Python: its engine is built for "
        f"CPython 3.{minor}, this is "
    )


# Steps of the Makefile before the build


def prepare(before: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Runs the preparation of `make`, after running `before`, with `path` as the only PATH."""
    program = (
        f"import sys, os; sys.path.insert(0, {str(SCRIPTS)!r}); import interpreter, prepare;"
        f"interpreter.headers_problem = lambda: None; {before}; prepare.main()"
    )
    return run(sys.executable, "-c", program, env=environment(PATH=path, SWIFT=""))


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder for PATH, with a Swift, git, and an apt-get that stores its calls."""
    folder = tmp_path / "bin"
    fake_swift(folder, "Swift version 6.3.1 (swift-6.3.1-RELEASE)")
    programs = {
        "git": "exit 0",
        "apt-get": f'echo "$@" >> {tmp_path}/apt-get; [ "$2" != install ] || touch {folder}/done',
        # Otherwise `env` and `touch` would be those of the real PATH.
        "env": 'shift; exec "$@"',
        "touch": 'exec /bin/touch "$@"',
    }
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


def missing_headers(folder: Path) -> str:
    return (
        "from pathlib import Path;"
        f"interpreter.headers_problem = lambda: None if Path({str(folder)!r}, 'done').exists()"
        " else 'no Python.h';"
        "interpreter.debian_package = lambda part: 'python3.11-' + part"
    )


def test_nothing_is_missing(machine: Path) -> None:
    done = prepare("pass", machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_root_gets_the_headers_installed(machine: Path) -> None:
    done = prepare(f"{missing_headers(machine)}; os.geteuid = lambda: 0", machine)
    assert done.returncode == 0, done.stderr
    assert machine.with_name("apt-get").read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends python3.11-dev",
    ]


def test_sudo_without_a_password_is_used(machine: Path) -> None:
    sudo = machine / "sudo"
    sudo.write_text('#!/bin/sh\nshift; [ "$1" = true ] || exec "$@"\n')
    sudo.chmod(0o755)
    done = prepare(f"{missing_headers(machine)}; os.geteuid = lambda: 1000", machine)
    assert done.returncode == 0, done.stderr
    assert "python3.11-dev" in machine.with_name("apt-get").read_text()


@pytest.mark.parametrize("sudo", ["none", "with a password"])
def test_who_may_not_install_gets_the_command_in_one_line(machine: Path, sudo: str) -> None:
    if sudo != "none":
        (machine / "sudo").write_text("#!/bin/sh\nexit 1\n")
        (machine / "sudo").chmod(0o755)
    (machine / "git").unlink()
    done = prepare(f"{missing_headers(machine)}; os.geteuid = lambda: 1000", machine)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "swifttrace: git is missing, with which SwiftPM fetches packages; no Python.h; "
        "run: sudo apt-get install git python3.11-dev\n"
    )
    assert not machine.with_name("apt-get").exists()


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="only systems with apt have mirrors")
def test_the_mirror_of_a_system_that_never_updated_its_lists(tmp_path: Path) -> None:
    (tmp_path / "lists/partial").mkdir(parents=True)
    (tmp_path / "sources.list").write_text(
        "deb http://mirror.example/security/ stable-security main\n"
        "deb [signed-by=/some.gpg] http://mirror.example/debian/ stable main\n"
    )
    (tmp_path / "apt.conf").write_text(
        f'Dir::State::lists "{tmp_path}/lists"; Dir::Etc::sourceparts "/dev/null";'
        f'Dir::Etc::sourcelist "{tmp_path}/sources.list";'
    )
    program = "import debian; print(debian.mirror())"
    own = environment(APT_CONFIG=tmp_path / "apt.conf", PYTHONPATH=SCRIPTS)
    assert run_well(sys.executable, "-c", program, env=own) == "http://mirror.example/debian/\n"


def test_no_toolchain_is_told_before_anything_is_installed(machine: Path) -> None:
    (machine / "swift").unlink()
    done = prepare(missing_headers(machine), machine)
    assert done.returncode == 2
    assert done.stderr.startswith("swifttrace: no Swift toolchain: there is no program `swift`; ")
    assert not machine.with_name("apt-get").exists()


# Folders in build/


def key(include: str) -> str:
    program = (
        f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import interpreter, sysconfig;"
        f"sysconfig.get_path = lambda name: {include!r} or get_path(name); print(interpreter.key())"
    )
    return run_well(sys.executable, "-c", f"from sysconfig import get_path; {program}").strip()


def test_interpreters_that_differ_only_in_their_headers_share_no_folder() -> None:
    assert key("/usr/include/python3.11") != key("/opt/python/include/python3.11")


def test_a_virtual_environment_shares_the_folder_of_its_python(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    assert run_well(python, SCRIPTS / "interpreter.py").strip() == key("")


# Places of `unsafe`


def test_unsafe_is_found_outside_boundary_only(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "check_unsafe.py"
    script.write_bytes((SCRIPTS / "check_unsafe.py").read_bytes())
    boundary = tmp_path / "Sources" / "Engine" / "Boundary"
    boundary.mkdir(parents=True)
    (boundary / "Pointer.swift").write_text("let x = unsafe p.pointee\n")
    (boundary.parent / "Words.swift").write_text(
        "// unsafe\n/* unsafe\n   unsafe */\n/// unsafe\n"
        'let a = "unsafe \\" unsafe"\nlet b = """\n  unsafe "quoted" unsafe\n  """\n'
        'let c = #"unsafe " unsafe"#\nlet d = unsafeBitCast(a, to: B.self)\n'
    )
    done = run(sys.executable, script)
    assert (done.returncode, done.stdout) == (0, "")

    (boundary.parent / "Sins.swift").write_text(
        'let a = 1\nlet b = unsafe c\nlet d = "\\(unsafe e)"\nnonisolated(unsafe) var f = 1\n'
    )
    done = run(sys.executable, script)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"Sources/Engine/Sins.swift:{line}: unsafe outside Boundary/" for line in [2, 3, 4]
    ]


def test_the_boundary_of_a_target_may_only_shrink(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "check_unsafe.py"
    script.write_bytes((SCRIPTS / "check_unsafe.py").read_bytes())
    ceiling = tmp_path / "scripts" / "unsafe_ceiling.json"
    ceiling.write_text('{"Engine": {"share": 60, "count": 2, "outside": 0}}')
    boundary = tmp_path / "Sources" / "Engine" / "Boundary"
    boundary.mkdir(parents=True)
    (boundary / "Pointer.swift").write_text("let x = unsafe p.pointee\n")
    (boundary.parent / "Plain.swift").write_text("let y = 1\n")
    assert run_well(sys.executable, script, "--fix-ceiling") == ""
    assert json.loads(ceiling.read_text()) == {"Engine": {"share": 50, "count": 1, "outside": 0}}

    (boundary / "More.swift").write_text("let z = unsafe p.pointee\n")
    done = run(sys.executable, script)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "Engine: share of unsafe: 66.7, at most 50.0",
        "Engine: count of unsafe: 2, at most 1",
    ]
