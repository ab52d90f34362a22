"""Downloads Debian packages and unpacks them in a folder, without installing them.

apt-get uses a configuration and a cache inside the folder, so root is not needed, and the packages
of this system do not change.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from interpreter import fail

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# A mirror's copy of a suite may be older than its time limit; signatures are still checked.
CONFIGURATION = """\
Dir::Etc "{apt}/etc";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{apt}/etc/sources.list.d";
Dir::Etc::parts "{apt}/etc/apt.conf.d";
Dir::State "{apt}";
Dir::State::lists "{apt}/lists";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
Debug::NoLocking "true";
"""
SOURCE = "Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\nSigned-By: {keyring}\n"


def run(*command: "str | Path", **variables: str) -> str:
    """Returns the output of a command; exits with the command's messages if it fails."""
    words = [str(word) for word in command]
    answer = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    if answer.returncode:
        fail(f"{' '.join(words[:3])} failed: {(answer.stderr or answer.stdout).strip()}")
    return answer.stdout


def check() -> None:
    """Exits with one line if this system lacks a program for the download."""
    for command in ["apt-get", "dpkg-deb"]:
        if shutil.which(command) is None:
            fail(f"{command} is missing: this works on Debian and its derivatives only")
    if not KEYRING.exists():
        fail(f"{KEYRING} is missing; run: sudo apt-get install debian-archive-keyring")


def mirror() -> str:
    """Returns the Debian mirror that this system's apt uses.

    `apt-get indextargets` knows none before the first `apt-get update` of a new system.
    """
    files = run("apt-get", "update", "--print-uris")
    mirrors: list[str] = re.findall(r"^'(\S+/)dists/(?!\S*security)", files, re.MULTILINE)
    if not mirrors:
        fail("apt has no Debian mirror: no `deb` line in /etc/apt/sources.list.d; add one")
    return mirrors[0]


def download(root: Path, suite: str, packages: "list[str]") -> None:
    """Downloads packages of a suite with their dependencies, and unpacks them."""
    check()
    apt = root / "apt"
    folders = ["etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "lists/partial"]
    for folder in [*folders, "cache/archives/partial"]:
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    configuration = apt / "apt.conf"
    configuration.write_text(CONFIGURATION.format(apt=apt))
    source = SOURCE.format(mirror=mirror(), suite=suite, keyring=KEYRING)
    (apt / "etc/sources.list.d/debian.sources").write_text(source)
    own = {"APT_CONFIG": str(configuration)}
    run("apt-get", "-qq", "update", **own)
    run("apt-get", "-qq", "install", "--download-only", "--yes", *packages, **own)
    for file in sorted((apt / "cache/archives").glob("*.deb")):
        run("dpkg-deb", "--extract", file, root)
    shutil.rmtree(apt)
