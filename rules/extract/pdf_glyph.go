package extract

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// glyphPunctuation are the names of the characters that are no letters, from the Adobe Glyph List for New Fonts.
var glyphPunctuation = map[string]string{
	"space": " ", "exclam": "!", "quotedbl": "\"", "numbersign": "#", "dollar": "$", "percent": "%", "ampersand": "&", "quotesingle": "'",
	"parenleft": "(", "parenright": ")", "asterisk": "*", "plus": "+", "comma": ",", "hyphen": "-", "period": ".", "slash": "/",
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"colon": ":", "semicolon": ";", "less": "<", "equal": "=", "greater": ">", "question": "?", "at": "@",
	"bracketleft": "[", "backslash": "\\", "bracketright": "]", "asciicircum": "^", "underscore": "_", "grave": "`",
	"braceleft": "{", "bar": "|", "braceright": "}", "asciitilde": "~",
	"quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”", "quotesinglbase": "‚", "quotedblbase": "„",
	"guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›",
	"endash": "–", "emdash": "—", "minus": "−", "bullet": "•", "ellipsis": "…", "periodcentered": "·", "nbspace": " ", "sfthyphen": "-",
	"exclamdown": "¡", "questiondown": "¿", "cent": "¢", "sterling": "£", "yen": "¥", "Euro": "€", "currency": "¤", "florin": "ƒ",
	"section": "§", "paragraph": "¶", "dagger": "†", "daggerdbl": "‡", "copyright": "©", "registered": "®", "trademark": "™",
	"degree": "°", "plusminus": "±", "multiply": "×", "divide": "÷", "fraction": "⁄", "onequarter": "¼", "onehalf": "½", "threequarters": "¾",
	"onesuperior": "¹", "twosuperior": "²", "threesuperior": "³", "ordfeminine": "ª", "ordmasculine": "º", "mu": "µ", "perthousand": "‰",
	"germandbls": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "oslash": "ø", "Oslash": "Ø", "eth": "ð", "Eth": "Ð", "thorn": "þ",
	"Thorn": "Þ", "lslash": "ł", "Lslash": "Ł", "dotlessi": "ı", "dcroat": "đ", "Dcroat": "Đ",
	"fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "logicalnot": "¬", "brokenbar": "¦", "macron": "¯", "acute": "´",
	"cedilla": "¸", "dieresis": "¨", "circumflex": "ˆ", "tilde": "˜",
}

// glyphAccents are the combining characters of the accents in the names of accented letters.
var glyphAccents = map[string]string{"acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "dieresis": "\u0308", "tilde": "\u0303",
	"ring": "\u030A", "cedilla": "\u0327", "caron": "\u030C", "ogonek": "\u0328", "breve": "\u0306", "macron": "\u0304",
	"dotaccent": "\u0307", "hungarumlaut": "\u030B", "commaaccent": "\u0326"}

// glyphText is what a glyph's name stands for, "" when that is not known: ISO 32000-1, 9.10.2, and the rules of the Adobe Glyph
// List specification.
func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".") // a variant, such as "one.oldstyle"
	if s, ok := glyphPunctuation[name]; ok {
		return s
	}
	if len(name) == 1 {
		return name
	}
	if name == "" {
		return ""
	}
	if accent, ok := glyphAccents[name[1:]]; ok {
		return norm.NFC.String(name[:1] + accent)
	}
	for _, prefix := range []string{"uni", "u"} {
		if digits, ok := strings.CutPrefix(name, prefix); ok && len(digits) >= 4 && len(digits) <= 6 {
			if n, err := strconv.ParseUint(digits, 16, 32); err == nil {
				return string(rune(n))
			}
		}
	}
	return ""
}
