"""Wheels for other systems, and errors that `make release` finds."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"


def run(*command: object, cwd: Path | None = None) -> str:
    """Returns the output of a command that must succeed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel for this interpreter, which the build script has checked with auditwheel."""
    folder = tmp_path_factory.mktemp("wheels")
    run(sys.executable, SCRIPTS / "wheels.py", folder, sys.executable)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def extension(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder)
    (found,) = folder.glob("swifttrace/_swifttrace.*.so")
    return found


@pytest.mark.slow
def test_a_wheel_runs_with_glibc_2_28(wheel: Path, extension: Path) -> None:
    assert re.search(r"-manylinux_2_28_(x86_64|aarch64)\.whl$", wheel.name)
    symbols = run("readelf", "--dyn-syms", "--wide", extension)
    versions = {int(minor) for minor in re.findall(r"@GLIBC_2\.(\d+)", symbols)}
    assert max(versions) <= 28
    # The extension imports the old versions of these functions.
    for name in ["dlopen", "exp", "log", "pthread_once"]:
        assert re.search(rf"UND {name}@GLIBC_2\.(2\.5|17)\b", symbols), name


@pytest.mark.slow
def test_a_wheel_needs_neither_libstdcxx_nor_swift(extension: Path) -> None:
    dynamic = run("readelf", "--dynamic", "--wide", extension)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    assert [name for name in needed if re.search(r"stdc|swift|python", name)] == []
    symbols = run("readelf", "--dyn-syms", "--wide", extension)
    assert re.findall(r"GLOBAL\s+\w+\s+(?!UND)\w+\s+(\S+)", symbols) == ["PyInit__swifttrace"]


@pytest.mark.slow
def test_a_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 3_000_000


@pytest.mark.slow
def test_a_wheel_carries_its_versions_and_licenses(extension: Path) -> None:
    root = extension.parents[1]
    assert re.search(r'SWIFT = "\d+\.\d+', (extension.parent / "_built.py").read_text())
    (info,) = root.glob("*.dist-info")
    licenses = info / "licenses"
    assert "libstdc++" in (licenses / "NOTICE").read_text()
    assert "Apache License" in (licenses / "LICENSE").read_text()
    assert "Runtime Library Exception" in (licenses / "licenses/swift.txt").read_text()
    exception = (licenses / "licenses/gcc-runtime-exception.txt").read_text()
    assert "GCC RUNTIME LIBRARY EXCEPTION" in exception


@pytest.mark.slow
def test_a_second_wheel_is_the_same(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, SCRIPTS / "wheels.py", tmp_path, sys.executable)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_a_wheel_works_for_a_new_user(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    links = ["--no-index", "--find-links", wheel.parent]
    run(python, "-m", "pip", "install", "--quiet", *links, "swifttrace")
    assert "fail" not in run(python, SCRIPTS / "try_wheel.py")


# The version of a release


class Tree:
    """A checkout with a version, a changelog and a tag."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "python" / "swifttrace").mkdir(parents=True)
        run("git", "init", "--quiet", root)

    def commit(self, version: str, heading: str, tag: str | None = None) -> None:
        (self.root / "python/swifttrace/_version.py").write_text(f'__version__ = "{version}"\n')
        (self.root / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n\n## 0.1.0\n")
        git = ["git", "-C", self.root, "-c", "user.name=x", "-c", "user.email=x@localhost"]
        run(*git, "add", ".")
        run(*git, "commit", "--quiet", "--message", "x")
        if tag:
            run(*git, "tag", tag)

    def version(self) -> str:
        """The version, or the message of the release script."""
        program = (
            f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import release; from pathlib import"
            f" Path; release.ROOT = Path({str(self.root)!r}); print(release.version())"
        )
        words = [sys.executable, "-c", program]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.stdout.strip() or done.stderr.strip()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_this_tree_has_one_version() -> None:
    program = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); import release; release.version()"
    run(sys.executable, "-c", program)


def test_versions_that_agree(tree: Tree) -> None:
    tree.commit("1.2.3", "1.2.3")
    assert tree.version() == "1.2.3"
    tree.commit("1.2.4", "1.2.4", "v1.2.4")
    assert tree.version() == "1.2.4"
    tree.commit("1.3.0.dev0", "1.3.0 (unreleased)")
    assert tree.version() == "1.3.0.dev0"


def test_a_changelog_of_another_version(tree: Tree) -> None:
    tree.commit("1.2.3", "1.3.0 (unreleased)")
    assert tree.version() == (
        "swifttrace: _version.py has 1.2.3, the newest version of CHANGELOG.md is "
        "`1.3.0 (unreleased)`; write 1.3.0.dev0 in _version.py"
    )


def test_a_tag_of_another_version(tree: Tree) -> None:
    tree.commit("1.2.3", "1.2.3", "v1.2.2")
    assert tree.version() == "swifttrace: this commit has the tag v1.2.2, not v1.2.3"
