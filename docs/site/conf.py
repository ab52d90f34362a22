"""Sphinx configuration of the documentation site: `make docs` builds it.

The source folder is the project's own, so that a link in a page leads to the same file on a code
host and in the site. Pages need no markup of Sphinx: the contents are made here.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parents[2]

# The package as installed, with its compiled module. At the end: what Sphinx needs comes first.
sys.path.append(os.environ["SWIFTTRACE_PACKAGES"])

import swifttrace  # noqa: E402

project = "swifttrace"
author = "the swifttrace authors"
version = release = swifttrace.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "README"
include_patterns = ["*.md", "docs/**"]
exclude_patterns = ["build", ".build", "docs/benchmarks/**", "docs/site/static/**"]

# Links, to headings too, are checked by MyST.
myst_heading_anchors = 4
myst_enable_extensions = ["tasklist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
# Dashes alone: quotation marks are often those of a string.
smartquotes_action = "D"
# Docstrings mark code as Markdown does.
default_role = "code"
napoleon_numpy_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"swifttrace {version}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
# A code block without a language is a command with its output.
highlight_language = "text"
html_copy_source = False
pygments_style = "friendly"
pygments_dark_style = "monokai"

# The contents, by the folder `docs`. Pages that are not named here follow at the end of their part.
USE = ["using", "reading", "exports", "json-lines", "arrow", "trace-command"]
TRUST = ["limits", "no-harm", "security", "stream", "benchmarks", "reading-speed"]
REFERENCE = ["site/python-api", "site/swift-api", "format", "glossary"]
DEVELOPMENT = ["design", "ownership"]


def contents() -> str:
    """The contents of the whole site, in Markdown."""
    named = {*USE, *TRUST, *REFERENCE, *DEVELOPMENT}
    others = sorted({file.stem for file in (ROOT / "docs").glob("*.md")} - named)
    existing = {
        name
        for name in named
        if any((ROOT / "docs" / f"{name}{suffix}").exists() for suffix in source_suffix)
    }
    parts = {
        "Use": USE,
        "Trust": [*TRUST, *others],
        "Reference": [*REFERENCE, "/CHANGELOG"],
        "Development": ["/CONTRIBUTING", *DEVELOPMENT, "decisions/README", "/SECURITY"],
    }
    text = ""
    for caption, pages in parts.items():
        text += f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n"
        for page in pages:
            if page.startswith("/") or page in existing or page in others or "README" in page:
                text += page.lstrip("/") if page.startswith("/") else f"docs/{page}"
                text += "\n"
        text += "```\n"
    return text


def add_contents(app: "Sphinx", page: str, source: "list[str]") -> None:
    if page == root_doc:
        source[0] += contents()
    if page == "docs/decisions/README":
        source[0] += "\n\n```{toctree}\n:hidden:\n:glob:\n\n[0-9]*\n```\n"


def link_to_folders(app: "Sphinx", document: nodes.document) -> None:
    """Links to a folder lead to its README, if that is a page; else they become plain text."""
    for node in list(document.findall(pending_xref)):
        if node["reftype"] != "myst" or node.get("refdomain") == "doc":
            continue
        folder = ((ROOT / node["refdoc"]).parent / node["reftarget"]).resolve()
        if not folder.is_dir():
            continue
        page = (folder / "README").relative_to(ROOT).as_posix()
        if page in app.env.found_docs:
            node.attributes.update(refdomain="doc", reftarget=page, reftargetid=None)
        else:
            node.replace_self(node[0].deepcopy())


def mark_code(
    app: "Sphinx", what: str, name: str, thing: object, options: object, lines: "list[str]"
) -> None:
    """Marks code in a docstring: indented paragraphs and fences, as in Markdown."""
    result: list[str] = []
    fence: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line.strip().startswith("```"):
            directive = ".. code-block:: " + (line.strip("` ") or "text")
            result += ["", " " * indent + directive, ""] if fence is None else [""]
            fence = indent if fence is None else None
            continue
        before = last_indent(result)
        is_code = fence is None and result and not result[-1].strip() and indent >= before + 4
        if is_code and line.strip() and not any("code-block" in it for it in result[-2:-1]):
            result += [" " * before + ".. code-block:: python", ""]
        result.append(line if fence is None else "    " + line)
    lines[:] = result


def last_indent(lines: "list[str]") -> int:
    """The indentation of the last line that is not empty."""
    for line in reversed(lines):
        if line.strip():
            return len(line) - len(line.lstrip())
    return 0


def check_reference(app: "Sphinx", environment: "BuildEnvironment") -> None:
    """Warns about public names that the reference lacks, and public things without a docstring."""
    logger = logging.getLogger(__name__)
    documented = environment.domains["py"].objects  # type: ignore[attr-defined]
    for name in swifttrace.__all__:
        if name != "__version__" and f"swifttrace.{name}" not in documented:
            logger.warning("swifttrace.%s is not in docs/site/python-api.rst", name)
        thing = getattr(swifttrace, name)
        members = vars(thing).items() if isinstance(thing, type) else ()
        for member, value in [("", thing), *members]:
            inner = getattr(value, "__func__", value)
            if member.startswith("_") or not (callable(inner) or isinstance(inner, property)):
                continue
            if not (inner.__doc__ or "").strip():
                logger.warning("swifttrace.%s.%s has no docstring", name, member)


def setup(app: "Sphinx") -> None:
    app.connect("source-read", add_contents)
    app.connect("doctree-read", link_to_folders)
    # Before napoleon, which turns sections such as `Args:` into fields.
    app.connect("autodoc-process-docstring", mark_code, priority=400)
    app.connect("env-check-consistency", check_reference)
