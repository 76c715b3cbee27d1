package detect

import (
	"bytes"
	"crypto/sha256"
)

// base58 is the alphabet of Base58Check, bech32Alphabet that of BIP 173.
const (
	base58         = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// examineWallet tells the kinds of wallet addresses apart and checks their checksums.
func examineWallet(text []byte, start, end int) Reading {
	value := text[start:end]
	grade := Rejected
	switch {
	case value[0] == '0':
		grade = Plain
	case value[0] == '1' || value[0] == '3':
		if validBase58(value) {
			grade = Distinctive
		}
	case validBech32(value):
		grade = Distinctive
	}
	return Reading{start, end, grade}
}

// The parts of a Base58Check address, in bytes: version, hash, checksum.
const (
	walletPayload  = 21
	walletChecksum = 4
)

// validBase58 checks the length and the checksum of a Base58Check address.
func validBase58(value []byte) bool {
	var decoded [walletPayload + walletChecksum]byte
	for _, c := range value {
		carry := bytes.IndexByte([]byte(base58), c)
		if carry < 0 {
			return false
		}
		for i := len(decoded) - 1; i >= 0; i-- {
			carry += int(decoded[i]) * len(base58)
			decoded[i] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return false
		}
	}
	if decoded[0] != 0 && decoded[0] != 5 { // pay to public key hash, pay to script hash
		return false
	}
	first := sha256.Sum256(decoded[:walletPayload])
	second := sha256.Sum256(first[:])
	return bytes.Equal(second[:walletChecksum], decoded[walletPayload:])
}

// The remainders that Bech32 and Bech32m leave.
const (
	bech32  = 1
	bech32m = 0x2bc830a3
)

// validBech32 checks the checksum of BIP 173 or BIP 350.
func validBech32(value []byte) bool {
	separator := bytes.LastIndexByte(value, '1')
	if separator < 1 {
		return false
	}
	sum := uint32(1)
	for _, c := range value[:separator] {
		sum = bech32Step(sum, uint32(c|0x20)>>5)
	}
	sum = bech32Step(sum, 0)
	for _, c := range value[:separator] {
		sum = bech32Step(sum, uint32(c|0x20)&31)
	}
	for _, c := range value[separator+1:] {
		if c >= 'A' {
			c |= 0x20
		}
		symbol := bytes.IndexByte([]byte(bech32Alphabet), c)
		if symbol < 0 {
			return false
		}
		sum = bech32Step(sum, uint32(symbol))
	}
	return sum == bech32 || sum == bech32m
}

// bech32Generators are the coefficients of the BCH code of BIP 173.
var bech32Generators = [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}

func bech32Step(sum, symbol uint32) uint32 {
	top := sum >> 25
	sum = (sum&0x1ffffff)<<5 ^ symbol
	for i, generator := range bech32Generators {
		if top>>i&1 != 0 {
			sum ^= generator
		}
	}
	return sum
}

// bicLengths are the lengths of a business identifier code: of a bank, and of one of its branches.
const bicShort, bicLong = 8, 11

// examineBIC finds the code behind its label, which is a part of the pattern: codes alone look like words in capitals.
func examineBIC(text []byte, start, end int) Reading {
	at := end
	for at > start && isWordByte(text[at-1]) {
		at--
	}
	if acceptBIC(text[at:end]) == Rejected {
		return Reading{}
	}
	return Reading{at, end, Distinctive}
}

// acceptBIC checks the form and the country of a business identifier code.
func acceptBIC(value []byte) Grade {
	if len(value) != bicShort && len(value) != bicLong || !allLetters(value[:6]) {
		return Rejected
	}
	for i := 0; i+2 <= len(countries); i += 3 {
		if string(value[4:6]) == countries[i:i+2] {
			return Checked
		}
	}
	return Rejected
}

// countries are the codes of ISO 3166-1, with XK as banks use it.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
	"DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE " +
	"KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF " +
	"PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ " +
	"VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "
