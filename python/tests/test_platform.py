"""Only one target depends on the operating system and the processor, behind one header."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "Sources" / "CPlatform"

# Extensions and files of Linux, and conditions on a system or a processor.
SPECIFIC = re.compile(
    r"/(?:proc|sys)/|\bmadvise\b|\bMADV_|\bO_PATH\b|\bF_OFD_|\bSEEK_DATA\b|\bsyscall\b|\bSYS_|_np\("
    r"|\brdtsc|\bposix_fallocate\b|\bclock_gettime\b|\bmmap\(|\bgetrlimit\b|\bgettid\b"
    r"|\b__linux__\b|\b__x86_64__\b|\b__aarch64__\b|\barch\(|\bos\("
)
DECLARED = re.compile(r"\b(CPlatform_\w+)\(")


def code(path: Path) -> str:
    return re.sub(r"//[^\n]*", "", path.read_text())


def files(folder: Path) -> list[Path]:
    return [path for suffix in ("swift", "c", "h") for path in sorted(folder.rglob(f"*.{suffix}"))]


def specific(text: str) -> list[str]:
    return SPECIFIC.findall(text)


def test_only_one_target_knows_the_system() -> None:
    found = {
        str(path.relative_to(ROOT)): names
        for path in files(ROOT / "Sources")
        if not path.is_relative_to(PLATFORM) and (names := specific(code(path)))
    }
    assert found == {}


def test_what_is_specific_is_found() -> None:
    system = (PLATFORM / "systems" / "linux.c").read_text()
    assert {"madvise", "O_PATH", "SEEK_DATA", "/proc/", "posix_fallocate"} <= set(specific(system))


def test_a_system_is_one_file() -> None:
    """The file defines every function of the header, except the portable ones."""
    header = code(PLATFORM / "include" / "CPlatform.h")
    names = set(DECLARED.findall(header)) - {"CPlatform_hasCounter"}
    processor = {"CPlatform_counter", "CPlatform_counterIsSteady"}
    portable = set(DECLARED.findall(code(PLATFORM / "bus_errors.c")))
    for system in files(PLATFORM / "systems"):
        defined = set(re.findall(r"^[^\s#].*?\b(CPlatform_\w+)\(.*\{", code(system), re.MULTILINE))
        assert names - processor - portable <= defined, system
    for one in files(PLATFORM / "processors"):
        assert processor <= set(DECLARED.findall(code(one))), one
