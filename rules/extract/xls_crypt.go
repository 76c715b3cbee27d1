package extract

import (
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"

	"stanch/rules"
)

// defaultPassword is what spreadsheet programs try by themselves: a workbook that is only write-protected is encrypted with
// it (MS-OFFCRYPTO 2.4.2.3 names it), so whoever fetches the file can read it.
const defaultPassword = "VelvetSweatshop"

// utf16Password is a password as the formats hash it.
func utf16Password(password string) []byte {
	var raw []byte
	for _, unit := range utf16.Encode([]rune(password)) {
		raw = binary.LittleEndian.AppendUint16(raw, unit)
	}
	return raw
}

// open learns how the rest of the stream is encrypted, and goes on when the password opens it.
func (x *xlsReader) open(data []byte) {
	if x.decrypt = newBiffCipher(data, x.version, x.password); x.decrypt == nil {
		x.encrypted = true
		x.fail(rules.Encrypted)
	}
}

// newBiffCipher reads a FilePass record (MS-XLS 2.4.117). It is nil when the password is wrong or the method unknown.
func newBiffCipher(data []byte, version biffVersion, password string) biffCipher {
	const methodXOR, methodRC4 = 0, 1
	if version < biff8 {
		return newXORCipher(data, password)
	}
	if len(data) < 6 {
		return nil
	}
	switch binary.LittleEndian.Uint16(data) {
	case methodXOR:
		return newXORCipher(data[2:], password)
	case methodRC4:
		if binary.LittleEndian.Uint16(data[2:]) == 1 {
			return newRC4Cipher(data[6:], password)
		}
		return newCryptoAPICipher(data[6:], password)
	}
	return nil
}

// plainBytes is how many bytes at the start of a record's content are never encrypted (MS-XLS 2.2.10).
func plainBytes(kind uint16, length int) int {
	switch kind {
	case biffBOF, 0x0209, 0x0409, 0x0809, biffFilePass, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196:
		return length
	case biffSheet:
		return min(4, length)
	}
	return 0
}

// An rc4Cipher has a key of its own for each block of the stream. Record headers count, but are not encrypted.
type rc4Cipher struct {
	key    func(block uint32) []byte
	block  int64 // plus one
	used   int   // bytes of the block's key stream that were used
	stream *rc4.Cipher
}

// rc4Block is how many bytes of a stream share a key (MS-XLS 2.2.10).
const rc4Block = 1024

func (c *rc4Cipher) decrypt(kind uint16, content []byte, offset int64) {
	plain := plainBytes(kind, len(content))
	content, offset = content[plain:], offset+int64(plain)
	var waste [rc4Block]byte
	for len(content) > 0 {
		block, within := offset/rc4Block, int(offset%rc4Block)
		if c.block != block+1 || within < c.used {
			c.stream, c.block, c.used = newRC4(c.key(uint32(block))), block+1, 0
		}
		if skip := within - c.used; skip > 0 {
			c.stream.XORKeyStream(waste[:skip], waste[:skip])
		}
		n := min(len(content), rc4Block-within)
		c.stream.XORKeyStream(content[:n], content[:n])
		c.used = within + n
		content, offset = content[n:], offset+int64(n)
	}
}

// newRC4 makes the cipher of a key, whose length the callers have checked.
func newRC4(key []byte) *rc4.Cipher {
	stream, err := rc4.NewCipher(key)
	if err != nil {
		panic("internal error: length of an RC4 key")
	}
	return stream
}

// rc4Key derives the keys of the blocks from the first 16 bytes behind the method's version and a password.
func rc4Key(salt []byte, password string) func(block uint32) []byte {
	const short = 5
	salt = salt[:16]
	first := md5.Sum(utf16Password(password))
	var repeated []byte
	for range 16 {
		repeated = append(append(repeated, first[:short]...), salt...)
	}
	second := md5.Sum(repeated)
	return func(block uint32) []byte {
		sum := md5.Sum(binary.LittleEndian.AppendUint32(append([]byte(nil), second[:short]...), block))
		return sum[:]
	}
}

// newRC4Cipher checks a password against salt, verifier and its hash (MS-OFFCRYPTO 2.3.6).
func newRC4Cipher(data []byte, password string) biffCipher {
	const part = 16
	if len(data) < 3*part {
		return nil
	}
	salt, verifier, hash := data[:part], data[part:2*part], data[2*part:3*part]
	key := rc4Key(salt, password)
	plain := append(append([]byte(nil), verifier...), hash...)
	newRC4(key(0)).XORKeyStream(plain, plain)
	if md5.Sum(plain[:part]) != [md5.Size]byte(plain[part:]) {
		return nil
	}
	return &rc4Cipher{key: key}
}

// newCryptoAPICipher checks a password against an EncryptionHeader and EncryptionVerifier (MS-OFFCRYPTO 2.3.5).
func newCryptoAPICipher(data []byte, password string) biffCipher {
	header, verifier, ok := splitEncryptionInfo(data)
	if !ok || len(verifier.hash) < sha1.Size {
		return nil
	}
	length := header.keyBits / 8
	if length == 0 {
		length = 5 // the standard says that 0 means 40 bits
	}
	if length < 5 || length > 16 {
		return nil
	}
	base := sha1.Sum(append(append([]byte(nil), verifier.salt...), utf16Password(password)...))
	key := func(block uint32) []byte {
		sum := sha1.Sum(binary.LittleEndian.AppendUint32(append([]byte(nil), base[:]...), block))
		if length == 5 {
			return append(sum[:length:length], make([]byte, 11)...) // 40 bits are filled up with zeros
		}
		return sum[:length]
	}
	plain := append(append([]byte(nil), verifier.verifier...), verifier.hash[:sha1.Size]...)
	newRC4(key(0)).XORKeyStream(plain, plain)
	if sha1.Sum(plain[:16]) != [sha1.Size]byte(plain[16:]) {
		return nil
	}
	return &rc4Cipher{key: key}
}

// An encryptionHeader is what matters of MS-OFFCRYPTO 2.3.2.
type encryptionHeader struct {
	algorithm uint32
	keyBits   int
}

// An encryptionVerifier is MS-OFFCRYPTO 2.3.3.
type encryptionVerifier struct{ salt, verifier, hash []byte }

// splitEncryptionInfo takes apart what follows the version and flags of an EncryptionInfo: header size, header, verifier.
func splitEncryptionInfo(data []byte) (header encryptionHeader, verifier encryptionVerifier, ok bool) {
	const fixed, saltLength, verifierLength = 32, 16, 16
	if len(data) < 8 {
		return header, verifier, false
	}
	size := int64(binary.LittleEndian.Uint32(data[4:]))
	data = data[8:]
	if size < fixed || size > int64(len(data)) {
		return header, verifier, false
	}
	header.algorithm = binary.LittleEndian.Uint32(data[8:])
	header.keyBits = int(binary.LittleEndian.Uint32(data[16:]) & 0xFFFF)
	data = data[size:]
	if len(data) < 4+saltLength+verifierLength+4 || binary.LittleEndian.Uint32(data) != saltLength {
		return header, verifier, false
	}
	verifier.salt = data[4 : 4+saltLength]
	verifier.verifier = data[4+saltLength : 4+saltLength+verifierLength]
	verifier.hash = data[4+saltLength+verifierLength+4:]
	return header, verifier, true
}

// An xorCipher is the obfuscation of the oldest files (MS-OFFCRYPTO 2.3.7.3).
type xorCipher struct{ array [16]byte }

// newXORCipher checks a password against a key and verifier, and makes the sequence of bytes from it.
func newXORCipher(data []byte, password string) biffCipher {
	if len(data) < 4 || len(password) == 0 || len(password) > 15 {
		return nil
	}
	if xorVerifier(password) != binary.LittleEndian.Uint16(data[2:]) {
		return nil
	}
	filler := [15]byte{0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00} // 2.3.7.2
	c := &xorCipher{}
	n := copy(c.array[:], password)
	copy(c.array[n:], filler[:])
	for i := range c.array {
		c.array[i] = bits.RotateLeft8(c.array[i]^data[i&1], 2)
	}
	return c
}

// xorVerifier is the check value of a password (MS-OFFCRYPTO 2.3.7.1).
func xorVerifier(password string) uint16 {
	const last = 0xCE4B
	sum := uint16(0)
	add := func(c byte) { sum = (sum>>14&1 | sum<<1&0x7FFF) ^ uint16(c) }
	for i := len(password) - 1; i >= 0; i-- {
		add(password[i])
	}
	add(byte(len(password)))
	return sum ^ last
}

func (c *xorCipher) decrypt(kind uint16, content []byte, offset int64) {
	index := offset + int64(len(content))
	plain := plainBytes(kind, len(content))
	for i := plain; i < len(content); i++ {
		content[i] = bits.RotateLeft8(content[i], 3) ^ c.array[(index+int64(i))&15]
	}
}
