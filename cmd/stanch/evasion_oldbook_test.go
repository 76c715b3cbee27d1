package main

import (
	"bytes"
	"crypto/aes"
	"crypto/sha1"
	"encoding/binary"
)

// A compoundStream is a stream at the root of a compound file.
type compoundStream struct {
	name    string
	content []byte
}

// Sector numbers with a meaning, and the size below which streams stand elsewhere (MS-CFB, sections 2.1 and 2.2).
const (
	compoundSector   = 512
	compoundChainEnd = 0xFFFFFFFE
	compoundNone     = 0xFFFFFFFF
	compoundTable    = 0xFFFFFFFD
	compoundMini     = 4096
)

// compoundOf makes a compound file of at most three streams, which it fills up so that each has sectors of its own.
func compoundOf(streams ...compoundStream) []byte {
	padded := func(b []byte, to int) []byte { return append(bytes.Clone(b), make([]byte, (to-len(b)%to)%to)...) }
	sectors := 1 // of the directory
	for _, s := range streams {
		sectors += max(len(padded(s.content, compoundSector)), compoundMini) / compoundSector
	}
	tables := sectors/(compoundSector/4-1) + 1
	next := make([]uint32, tables*compoundSector/4)
	for i := range next {
		next[i] = compoundNone
	}
	for i := range tables {
		next[i] = compoundTable
	}
	next[tables] = compoundChainEnd
	var directory, body bytes.Buffer
	entry := func(name string, kind byte, right, child, start uint32, size int) {
		var e [128]byte
		copy(e[:64], wideOf(name))
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		binary.LittleEndian.PutUint32(e[68:], compoundNone)
		binary.LittleEndian.PutUint32(e[72:], right)
		binary.LittleEndian.PutUint32(e[76:], child)
		binary.LittleEndian.PutUint32(e[116:], start)
		binary.LittleEndian.PutUint64(e[120:], uint64(size))
		directory.Write(e[:])
	}
	entry("Root Entry", 5, compoundNone, 1, compoundChainEnd, 0)
	at := tables + 1
	for i, s := range streams {
		content := padded(s.content, compoundSector)
		if len(content) < compoundMini {
			content = append(content, make([]byte, compoundMini-len(content))...)
		}
		right := uint32(i + 2)
		if i == len(streams)-1 {
			right = compoundNone
		}
		entry(s.name, 2, right, compoundNone, uint32(at), max(len(s.content), compoundMini))
		for n := len(content) / compoundSector; n > 0; n-- {
			next[at] = uint32(at + 1)
			at++
		}
		next[at-1] = compoundChainEnd
		body.Write(content)
	}
	var head [compoundSector]byte
	copy(head[:], "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	copy(head[24:], "\x3E\x00\x03\x00\xFE\xFF\x09\x00\x06\x00")
	for offset, value := range map[int]uint32{44: uint32(tables), 48: uint32(tables), 56: compoundMini, 60: compoundChainEnd, 68: compoundChainEnd} {
		binary.LittleEndian.PutUint32(head[offset:], value)
	}
	for i := range 109 {
		value := uint32(compoundNone)
		if i < tables {
			value = uint32(i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], value)
	}
	out := bytes.NewBuffer(head[:])
	binary.Write(out, binary.LittleEndian, next)
	out.Write(padded(directory.Bytes(), compoundSector))
	out.Write(body.Bytes())
	return out.Bytes()
}

// Records of BIFF8 (MS-XLS, section 2.3.1).
const (
	biffBOF        = 0x0809
	biffEOF        = 0x000A
	biffFilePass   = 0x002F
	biffContinue   = 0x003C
	biffBoundSheet = 0x0085
	biffSST        = 0x00FC
	biffLabelSST   = 0x00FD
)

// oldBook is a workbook of 1997 whose every text begins narrow in one record and ends wide in the next.
func oldBook(leak []byte, password bool) []byte {
	var book bytes.Buffer
	record := func(kind uint16, content []byte) {
		binary.Write(&book, binary.LittleEndian, kind)
		binary.Write(&book, binary.LittleEndian, uint16(len(content)))
		if password && kind != biffBOF && kind != biffFilePass {
			content = ciphered(content)
		}
		book.Write(content)
	}
	begin := func(kind byte) {
		record(biffBOF, []byte{0, 6, kind, 0, 0xBB, 0x0D, 0xCC, 7, 0, 0, 0, 0, 6, 0, 0, 0})
	}
	var texts []string
	each(leak, func(_ *bytes.Buffer, n int, p demoPerson) { texts = append(texts, p.email, p.nhs) })

	begin(5)
	if password {
		record(biffFilePass, append([]byte{1, 0, 1, 0, 1, 0}, make([]byte, 48)...))
	}
	sheetAt := book.Len() + 4
	record(biffBoundSheet, []byte("\x00\x00\x00\x00\x00\x00\x04\x00List"))
	content := binary.LittleEndian.AppendUint32(nil, uint32(len(texts)))
	content = binary.LittleEndian.AppendUint32(content, uint32(len(texts)))
	kind := uint16(biffSST)
	for _, text := range texts {
		half := len(text) / 2
		content = append(binary.LittleEndian.AppendUint16(content, uint16(len(text))), 0)
		record(kind, append(content, text[:half]...))
		kind, content = biffContinue, append([]byte{1}, wideOf(text[half:])...)
	}
	record(kind, content)
	record(biffEOF, nil)
	binary.LittleEndian.PutUint32(book.Bytes()[sheetAt:], uint32(book.Len()))
	begin(0x10)
	for i := range texts {
		cell := binary.LittleEndian.AppendUint16(nil, uint16(i/2))
		cell = append(binary.LittleEndian.AppendUint16(cell, uint16(i%2)), 0, 0)
		record(biffLabelSST, binary.LittleEndian.AppendUint32(cell, uint32(i)))
	}
	record(biffEOF, nil)
	return compoundOf(compoundStream{"Workbook", book.Bytes()})
}

// readOldBook reads the texts of an oldBook, whether its records are turned around or not.
func readOldBook(body []byte) []byte {
	start := bytes.Index(body, []byte{biffBOF & 0xFF, biffBOF >> 8, 16, 0})
	if start < 0 {
		if start = bytes.Index(body, ciphered([]byte{biffBOF & 0xFF, biffBOF >> 8, 16, 0})); start < 0 {
			return body
		}
	}
	var out []byte
	turned := body[start] != biffBOF&0xFF
	for at := start; at+4 <= len(body); {
		head := body[at : at+4]
		if turned {
			head = ciphered(head)
		}
		kind, size := binary.LittleEndian.Uint16(head), int(binary.LittleEndian.Uint16(head[2:]))
		if at += 4; at+size > len(body) {
			break
		}
		if kind == biffSST || kind == biffContinue {
			out = append(out, bytes.ReplaceAll(body[at+1:at+size], []byte{0}, nil)...)
		}
		at += size
	}
	return out
}

// sweatshopPassword is the one that Excel tries by itself (MS-OFFCRYPTO, section 2.3.6.2, for the way it is used here).
const sweatshopPassword = "VelvetSweatshop"

var sweatshopSalt = []byte("a salt of sixtee")

// sweatshopKey derives the key of standard encryption with AES-128 (MS-OFFCRYPTO, section 2.3.4.7).
func sweatshopKey() []byte {
	sum := sha1.Sum(append(bytes.Clone(sweatshopSalt), wideOf(sweatshopPassword)...))
	for i := range uint32(50_000) {
		sum = sha1.Sum(append(binary.LittleEndian.AppendUint32(nil, i), sum[:]...))
	}
	sum = sha1.Sum(append(sum[:], 0, 0, 0, 0))
	inner := bytes.Repeat([]byte{0x36}, 64)
	for i, c := range sum {
		inner[i] ^= c
	}
	key := sha1.Sum(inner)
	return key[:16]
}

// byBlock applies AES block by block.
func byBlock(text []byte, decrypt bool) []byte {
	block, err := aes.NewCipher(sweatshopKey())
	if err != nil {
		panic(err)
	}
	out := append(bytes.Clone(text), make([]byte, (16-len(text)%16)%16)...)
	for i := 0; i+16 <= len(out); i += 16 {
		if decrypt {
			block.Decrypt(out[i:i+16], out[i:i+16])
		} else {
			block.Encrypt(out[i:i+16], out[i:i+16])
		}
	}
	return out
}

// sweatshopEncrypted encrypts a workbook so that Excel opens it without a question.
func sweatshopEncrypted(book []byte) []byte {
	le := binary.LittleEndian
	provider := append(wideOf("Microsoft Enhanced RSA and AES Cryptographic Provider"), 0, 0)
	info := []byte{4, 0, 2, 0, 0x24, 0, 0, 0}
	info = le.AppendUint32(info, uint32(32+len(provider)))
	for _, value := range []uint32{0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0} {
		info = le.AppendUint32(info, value)
	}
	info = append(info, provider...)
	verifier := []byte("sixteen letters!")
	hash := sha1.Sum(verifier)
	info = append(le.AppendUint32(info, 16), sweatshopSalt...)
	info = append(info, byBlock(verifier, false)...)
	info = append(le.AppendUint32(info, 20), byBlock(hash[:], false)...)
	content := append(le.AppendUint64(nil, uint64(len(book))), byBlock(book, false)...)
	return compoundOf(compoundStream{"EncryptionInfo", info}, compoundStream{"EncryptedPackage", content})
}

// sweatshopOpened reads it again: the package's sectors follow the 8 sectors of the first stream.
func sweatshopOpened(body []byte) []byte {
	const before = compoundSector + compoundMini // head and first stream
	sectors := len(body)/compoundSector - 1
	at := before + (sectors/(compoundSector/4)+2)*compoundSector + 8
	if at >= len(body) {
		return body
	}
	return readBook(byBlock(body[at:], true))
}
