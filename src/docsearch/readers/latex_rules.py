"""What LaTeX's macros and environments do with their arguments, and the characters they stand for.

In: nothing. Out: tables of names. What is in no table is read for the text of its arguments.
"""

from __future__ import annotations

from docsearch.readers.formats import words

HEADINGS = {
    **dict.fromkeys(words("part addpart"), 0),
    **dict.fromkeys(words("chapter addchap"), 1),
    **dict.fromkeys(words("section addsec"), 2),
    "subsection": 3,
    "subsubsection": 4,
    **dict.fromkeys(words("paragraph frametitle"), 5),
    "subparagraph": 6,
}
"""The level of each heading, 0 the outermost."""

LEFT_OUT = {
    **dict.fromkeys(
        words(
            "label vspace hspace pagestyle thispagestyle bibliographystyle bibliography "
            "addbibresource includegraphics graphicspath geometry hypersetup lstset tcbset "
            "pgfplotsset tikzset usetikzlibrary usepackage RequirePackage documentclass "
            "documentstyle LoadClass usetheme usecolortheme usefonttheme useinnertheme "
            "useoutertheme color pagecolor selectlanguage theoremstyle captionsetup nocite index "
            "glossary pagenumbering stepcounter refstepcounter value arabic roman Roman alph Alph "
            "fnsymbol cline cmidrule vphantom hphantom phantom enlargethispage includeonly "
            "hyphenation ProvidesPackage ProvidesClass ProvidesFile NeedsTeXFormat linespread "
            "fontfamily fontseries fontshape rowcolor cellcolor columncolor arrayrulecolor "
            "setmainfont setsansfont setmonofont setmathfont setbeamercolor setbeamerfont "
            "setbeamersize bookmarksetup sisetup includepdf usebox citestyle bibpunct bstctlcite "
            "special hypertarget hyperlink raisebox textcolor colorbox foreignlanguage scalebox "
            "rotatebox parbox adjustbox usecounter line vector circle setbeamertemplate "
            "DeclareGraphicsExtensions documentversion put subimport pgfdeclareimage "
            "markright pdfbookmark ifthenelse "
            "tikzstyle "
            "extracolsep externaldocument DeclareUnicodeCharacter "
            "excludecomment includecomment "
        ),
        1,
    ),
    **dict.fromkeys(
        words(
            "setlength addtolength setcounter addtocounter numberwithin PassOptionsToPackage "
            "PassOptionsToClass rule multicolumn multirow fcolorbox resizebox fontsize definecolor "
            "colorlet markboth settowidth settoheight renewcounter multiput "
            "DeclareMathAlphabet newcolumntype titlespacing addtocontents "
            "pgfmathsetmacro counterwithin counterwithout"
        ),
        2,
    ),
    **dict.fromkeys(words("addcontentsline definecolor titleformat DeclareMathSymbol"), 3),
}
"""How many arguments of a macro are no text; what follows them is."""

SILENT = words(
    "hline toprule midrule bottomrule endhead endfirsthead endfoot endlastfoot cr centering "
    "noindent indent maketitle tableofcontents listoffigures listoftables newpage clearpage "
    "cleardoublepage pagebreak nopagebreak nolinebreak raggedright raggedleft raggedbottom "
    "flushbottom sloppy fussy frenchspacing nonfrenchspacing bf it sl sc rm sf tt em normalfont "
    "bfseries mdseries itshape slshape scshape upshape rmfamily sffamily ttfamily tiny scriptsize "
    "footnotesize small normalsize large Large LARGE huge Huge boldmath unboldmath displaystyle "
    "textstyle scriptstyle protect relax leavevmode null strut hfill vfill hfil vfil hss vss "
    "dotfill hrulefill bigskip medskip smallskip par appendix frontmatter mainmatter backmatter "
    "printindex printbibliography printglossary makeindex makeglossary makeglossaries xspace "
    "ignorespaces unskip ignorespacesafterend begingroup endgroup bgroup egroup global long outer "
    "singlespacing doublespacing onehalfspacing onecolumn twocolumn allowbreak allowdisplaybreaks "
    "break nobreak goodbreak filbreak eject bye newblock fi else or hrule vrule hbox vbox vtop "
    "mbox titlepage pause sffamily nocorr obeylines obeyspaces clearemptydoublepage phantomsection "
    "centerline expandafter noexpand csname endcsname limits nolimits qedhere qed today "
    "smallbreak medbreak bigbreak offinterlineskip nointerlineskip "
    "tabularnewline newline linebreak quad qquad enspace enskip thinspace negthinspace space "
    "nobreakspace hskip vskip kern raise lower moveleft moveright parindent parskip baselineskip "
    "hsize vsize hoffset voffset textwidth textheight linewidth columnwidth topmargin "
    "oddsidemargin evensidemargin tabcolsep arraystretch baselinestretch columnsep unitlength "
    "footnotemark printnoidxglossary thefootnote balance IEEEpeerreviewmaketitle "
    "IEEEoverridecommandlockouts nonumber notag magnification nopagenumbers headline footline "
    "hangindent hangafter tolerance emergencystretch hyphenpenalty widowpenalty clubpenalty "
    "exhyphenpenalty multicolsep floatsep textfloatsep itemsep topsep partopsep parsep labelsep "
    "leftmargin rightmargin listparindent labelwidth itemindent abovedisplayskip belowdisplayskip "
    "abovecaptionskip belowcaptionskip proofname sectionmark chaptermark"
)
"""Macros that leave no text themselves."""

SPACES = words(
    "newline linebreak quad qquad enspace enskip thinspace space nobreakspace hskip hspace hfill "
    "tabularnewline"
)
"""Those of them that stand between words."""

BREAKS = words(
    "par bigskip medskip smallskip newpage clearpage cleardoublepage pagebreak vspace vfill hrule "
    "maketitle vskip smallbreak medbreak bigbreak titlepage"
)
"""Those of them that end a paragraph."""

DIMENSIONS = words(
    "hskip vskip kern raise lower moveleft moveright parindent parskip baselineskip hsize vsize "
    "hoffset voffset textwidth textheight topmargin oddsidemargin evensidemargin tabcolsep "
    "columnsep unitlength magnification tolerance emergencystretch hyphenpenalty widowpenalty "
    "clubpenalty exhyphenpenalty hangindent hangafter itemsep topsep partopsep parsep labelsep "
    "leftmargin rightmargin listparindent labelwidth itemindent hrule vrule hbox vbox vtop "
    "abovedisplayskip belowdisplayskip abovecaptionskip belowcaptionskip floatsep textfloatsep"
)
"""Those that a dimension or number may follow."""

COORDINATES = words("put multiput line vector oval makebox framebox cmidrule")
"""Those that `(...)` may follow."""

CODE = words(
    "verbatim verbatim* Verbatim Verbatim* BVerbatim LVerbatim lstlisting lstlisting* minted "
    "minted* alltt code Code Sinput Soutput Schunk pycode pyverbatim pyconsole sagecommandline "
    "sageverbatim matlabcode asy asycode tcblisting dispListing VerbatimOut"
)
DROPPED = words("comment filecontents filecontents* luacode luacode*")
DRAWN = words("tikzpicture pgfpicture")
FORMULAS = words(
    "equation equation* align align* gather gather* multline multline* eqnarray eqnarray* "
    "displaymath math flalign flalign* alignat alignat* xalignat xxalignat dmath dmath* "
    "tikzcd IEEEeqnarray IEEEeqnarray* empheq"
)
TABLES = words(
    "tabular tabular* tabularx tabulary array longtable tabu longtabu supertabular xtabular "
    "mpsupertabular tblr longtblr talltblr deluxetable deluxetable* NiceTabular"
)
ENVIRONMENT_LEFT_OUT = {
    **dict.fromkeys(
        words(
            "tabular longtable tabu longtabu supertabular xtabular mpsupertabular tblr longtblr "
            "talltblr deluxetable deluxetable* NiceTabular array minipage multicols multicols* "
            "thebibliography adjustbox spacing varwidth turn rotate column otherlanguage "
            "textblock textblock* fmffile labeling "
            "addmargin"
        ),
        1,
    ),
    **dict.fromkeys(
        words(
            "tabular* tabularx tabulary wrapfigure wraptable list adjustwidth adjustwidth* CJK "
            "CJK* "
            "overlayarea"
        ),
        2,
    ),
}
"""How many arguments of an environment's beginning are no text."""

THEOREMS = {
    name: name.capitalize()
    for name in words(
        "theorem lemma proposition corollary definition remark example proof conjecture claim "
        "axiom exercise problem solution question observation notation fact"
    )
}
"""What an environment is headed by, where the document does not say."""

REFERENCES = words(
    "ref eqref pageref autoref cref Cref nameref vref Vref vpageref fref Fref subref "
    "labelcref cpageref autopageref"
)
FOOTNOTES = words(
    "footnote footnotetext thanks marginpar marginnote sidenote endnote footnoteA footnoteB "
    "footnoteC blfootnote"
)
CAPTIONS = words("caption subcaption")
DATA = words(
    "title subtitle author date institute affil affiliation address email keywords abstract "
    "dedicatory subjclass publishers supervisor"
)
"""What a document says of itself, wherever that stands."""

URLS = words("url path nolinkurl Url")
VERBS = words("verb Verb lstinline mintinline spverb")
INPUTS = words(
    "input include subfile import subimport subincludefrom includestandalone lstinputlisting"
)

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "k": "\u0328",
    "r": "\u030a",
    "t": "\u0361",
    "h": "\u0309",
    "G": "\u030f",
    "U": "\u030e",
}
"""The combining character of each accent, which the next letter takes."""

SYMBOLS = {
    "ss": "ß",
    "SS": "ẞ",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "\u0131",
    "j": "\u0237",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "S": "§",
    "P": "¶",
    "dag": "†",
    "ddag": "‡",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "EUR": "€",
    "texteuro": "€",
    "textsterling": "£",
    "textyen": "¥",
    "textcent": "¢",
    "textregistered": "®",
    "textcopyright": "©",
    "texttrademark": "™",
    "textdegree": "°",
    "degree": "°",
    "textmu": "µ",
    "textsection": "§",
    "textparagraph": "¶",
    "textdagger": "†",
    "textdaggerdbl": "‡",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textendash": "–",
    "textemdash": "—",
    "textquoteleft": "‘",
    "textquoteright": "\u2019",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquotedbl": '"',
    "textquotesingle": "'",
    "lq": "‘",
    "rq": "\u2019",
    "guillemotleft": "«",
    "guillemotright": "»",
    "og": "« ",
    "fg": " »",
    "glqq": "„",
    "grqq": "“",
    "quotedblbase": "„",
    "quotesinglbase": "\u201a",
    "textexclamdown": "¡",
    "textquestiondown": "¿",
    "textbackslash": "\\",
    "backslash": "\\",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textunderscore": "_",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textasteriskcentered": "*",
    "textbraceleft": "{",
    "textbraceright": "}",
    "lbrace": "{",
    "rbrace": "}",
    "textdollar": "$",
    "textpercent": "%",
    "textbullet": "•",
    "textperiodcentered": "·",
    "textordfeminine": "ª",
    "textordmasculine": "º",
    "textonehalf": "½",
    "textonequarter": "¼",
    "textthreequarters": "¾",
    "texttimes": "×",
    "textdiv": "÷",
    "textpm": "±",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX2e",
    "BibTeX": "BibTeX",
    "XeTeX": "XeTeX",
    "XeLaTeX": "XeLaTeX",
    "LuaTeX": "LuaTeX",
    "AmS": "AMS",
    "AmSTeX": "AMS-TeX",
    "and": ", ",
    "hyp": "-",
    "slash": "/",
    "fh": "-",
    "times": "×",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "Rightarrow": "⇒",
    "cdot": "·",
    "pm": "±",
    "checkmark": "✓",
}
"""Characters by the macros that stand for them."""

PLAIN = {
    **{character: character for character in "{}$%&#_"},
    " ": " ",
    "\n": " ",
    "": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    ">": " ",
    "|": "|",
    "-": "",
    "/": "",
    "!": "",
    "@": "",
    "*": "",
    "+": "",
    "<": "",
    ")": "",
    "]": "",
}
"""What a backslash before one character that is no letter makes of it."""

GERMAN = {
    **{f'"{plain}': umlaut for plain, umlaut in zip("aouAOUsz", "äöüÄÖÜßß", strict=True)},
    '"-': "",
    '"=': "-",
    '"~': "-",
    '"|': "",
    '""': "",
    '"`': "„",
    "\"'": "“",
    '"<': "«",
    '">': "»",
    '"/': "/",
}
"""The shorthands of (n)german."""
