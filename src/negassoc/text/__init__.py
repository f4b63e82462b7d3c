"""2 · What is written, in a form that can be searched?

In: any string. Out: a `NormalText` with the way back to the original, the `Match`es of a `TermIndex` in it, word boundaries.
A new folding is a line in `data/folding/`, a new word a line in `data/lexicons/`; nothing here knows what a word is good for.
"""

from negassoc.text.lexicon import Cue, Lexicon, Match, TermIndex, load_lexicons
from negassoc.text.namesakes import ALIKE, Namesakes
from negassoc.text.normal import NormalText, code_sign, normal, normals
from negassoc.text.roles import BRAND, OTHER, PRODUCT, RIVAL, Roles
from negassoc.text.segment import JiebaSegmenter, is_ordinary
from negassoc.text.trades import SURROUNDINGS, Home, beside_words, known_trades, trades_of

__all__ = [
    "ALIKE", "BRAND", "OTHER", "PRODUCT", "RIVAL", "SURROUNDINGS", "Cue", "Home", "JiebaSegmenter", "Lexicon", "Match", "Namesakes",
    "NormalText", "Roles", "TermIndex", "beside_words", "code_sign", "is_ordinary", "known_trades", "load_lexicons", "normal", "normals",
    "trades_of",
]  # fmt: skip
