"""The formats docsearch reads, as data.

In: nothing. Out: for each format its name, the file names it is known by, the class that reads
it and the version of what that class extracts. Imports no reader and no reader's library.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Format:
    """One format; `reader` is "module:class" within this package.

    `suffixes` hold the dot; they and `names` (whole file names) are in lower case. `version` goes
    up whenever the reader makes different text or segments of the same bytes.
    """

    name: str
    reader: str
    version: int
    suffixes: frozenset[str]
    names: frozenset[str] = field(default=frozenset())


def words(text: str, prefix: str = "") -> frozenset[str]:
    """The words of `text`, each with `prefix` before it."""
    return frozenset(prefix + word for word in text.split())


PLAIN_TEXT = Format(
    "plain text",
    "plain_text:PlainTextReader",
    2,
    words("txt text log me nfo asc", "."),
    words("readme license licence copying authors changelog news todo install notice"),
)
MARKDOWN = Format(
    "Markdown",
    "markdown:MarkdownReader",
    2,
    words("md markdown mdown mkd mkdn mdwn qmd rmd mdx", "."),
)
SOURCE_CODE = Format(
    "source code",
    "source_code:SourceCodeReader",
    2,
    words(
        """
        py pyi pyx pyw rb rake gemspec pl pm t php lua tcl r jl m mm
        js mjs cjs jsx ts mts cts tsx vue svelte css scss sass less styl coffee
        c h cc cpp cxx hh hpp hxx ino cs java kt kts scala sc groovy gradle clj cljs cljc edn
        go rs swift dart zig nim d v vhd vhdl sv asm s pas f f90 f95 for cob ada adb ads
        hs lhs ml mli elm ex exs erl hrl fs fsx fsi lisp lsp el scm ss rkt
        sh bash zsh fish ksh ps1 psm1 psd1 bat cmd awk sed vim
        sql ddl graphql gql proto thrift cu cl glsl hlsl wgsl sol move
        json jsonc json5 jsonl ndjson yaml yml toml ini cfg conf config properties env desktop
        service timer socket xml xsd xsl xslt plist dtd rng wsdl
        tf tfvars hcl nix bzl bazel cmake mk make dockerfile patch diff
        jinja j2 tmpl erb ejs hbs mustache twig po pot
        """,
        ".",
    ),
    words(
        """
        makefile gnumakefile dockerfile containerfile cmakelists.txt jenkinsfile vagrantfile
        gemfile rakefile procfile brewfile justfile build workspace meson.build
        .gitignore .gitattributes .gitmodules .dockerignore .editorconfig .env .npmrc .bashrc
        .zshrc .profile .vimrc .babelrc .eslintrc .prettierrc .docsearchignore
        """
    ),
)
RESTRUCTURED_TEXT = Format(
    "reStructuredText", "restructured_text:RestructuredTextReader", 2, words("rst rest", ".")
)
ORG = Format("Org", "org:OrgReader", 2, words("org", "."))
HTML = Format("HTML", "html_page:HtmlReader", 2, words("html htm xhtml xht", "."))
PDF = Format("PDF", "pdf:PdfReader", 3, words("pdf", "."))
DOCX = Format("DOCX", "word:DocxReader", 2, words("docx docm dotx", "."))
ODT = Format("ODT", "open_document:OdtReader", 2, words("odt ott fodt", "."))
EPUB = Format("EPUB", "epub:EpubReader", 2, words("epub", "."))
NOTEBOOK = Format("Jupyter notebook", "notebook:NotebookReader", 2, words("ipynb", "."))
LATEX = Format("LaTeX", "latex:LatexReader", 2, words("tex ltx latex bbl", "."))
CSV = Format("CSV", "delimited:DelimitedReader", 2, words("csv tsv tab", "."))
EMAIL = Format("e-mail", "mail:MailReader", 2, words("eml emlx mht mhtml", "."))
MAILBOX = Format("mailbox", "mail:MailboxReader", 2, words("mbox mbx", "."))
CALENDAR = Format(
    "calendar or contacts",
    "calendar_text:CalendarReader",
    2,
    words("ics ifb vcf vcard", "."),
)

FORMATS = (
    PLAIN_TEXT,
    MARKDOWN,
    SOURCE_CODE,
    RESTRUCTURED_TEXT,
    ORG,
    HTML,
    PDF,
    DOCX,
    ODT,
    EPUB,
    NOTEBOOK,
    LATEX,
    CSV,
    EMAIL,
    MAILBOX,
    CALENDAR,
)
