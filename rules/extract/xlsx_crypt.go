package extract

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"io"

	"stanch/rules"
)

// maxSpin is how often a password is hashed at most: twice what office programs ask for, some tenths of a second.
const maxSpin = 200_000

// packageHead is the length of the size in front of an encrypted package.
const packageHead = 8

// A decryptedPackage is the package inside an encrypted office document, decrypted where it is read.
type decryptedPackage struct {
	encrypted io.ReaderAt // from the first encrypted byte on
	size      int64
	block     cipher.Block
	iv        func(segment uint32) []byte // of a segment in CBC mode; nil for ECB
}

// segmentSize is how many bytes are encrypted together (MS-OFFCRYPTO 2.3.4.15).
const segmentSize = 4096

// maxEncryptionInfo bounds the description of an encryption, in bytes.
const maxEncryptionInfo = 1 << 20

// openEncrypted opens an encrypted office document with the password that spreadsheet programs try by themselves.
func (c *compound) openEncrypted() (*decryptedPackage, bool) {
	info, content := c.find(0, "EncryptionInfo"), c.find(0, "EncryptedPackage")
	if info == nil || content == nil {
		return nil, false
	}
	description, err := io.ReadAll(io.LimitReader(c.open(info), maxEncryptionInfo))
	if err != nil {
		return nil, false
	}
	stream := c.open(content)
	return decryptPackage(description, stream, stream.Size(), defaultPassword)
}

// decryptPackage opens the streams EncryptionInfo and EncryptedPackage of a document with a password. It reports false when
// the password is wrong or the method unknown.
func decryptPackage(info []byte, encrypted io.ReaderAt, size int64, password string) (*decryptedPackage, bool) {
	var head [packageHead]byte
	if len(info) < 8 || size < packageHead {
		return nil, false
	}
	if _, err := encrypted.ReadAt(head[:], 0); err != nil {
		return nil, false
	}
	p := &decryptedPackage{encrypted: io.NewSectionReader(encrypted, packageHead, size-packageHead)}
	p.size = int64(min(binary.LittleEndian.Uint64(head[:]), uint64(size-packageHead)))
	const agile, standard = 4, 2
	switch major, minor := binary.LittleEndian.Uint16(info), binary.LittleEndian.Uint16(info[2:]); {
	case major == 4 && minor == agile:
		return p, p.openAgile(info[8:], password)
	case minor == standard:
		return p, p.openStandard(info[4:], password)
	}
	return nil, false
}

// ReadAt decrypts the segments that the range touches.
func (p *decryptedPackage) ReadAt(out []byte, offset int64) (int, error) {
	var segment [segmentSize]byte
	read := 0
	for read < len(out) {
		if offset >= p.size {
			return read, io.EOF
		}
		number := offset / segmentSize
		n, err := p.encrypted.ReadAt(segment[:], number*segmentSize)
		n -= n % aes.BlockSize
		if n <= int(offset%segmentSize) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return read, err
		}
		p.decryptSegment(segment[:n], uint32(number))
		end := min(int64(n), p.size-number*segmentSize)
		if offset%segmentSize >= end {
			return read, io.ErrUnexpectedEOF
		}
		copied := copy(out[read:], segment[offset%segmentSize:end])
		read += copied
		offset += int64(copied)
	}
	return read, nil
}

// decryptSegment decrypts whole blocks in place.
func (p *decryptedPackage) decryptSegment(data []byte, number uint32) {
	if p.iv != nil {
		cipher.NewCBCDecrypter(p.block, p.iv(number)).CryptBlocks(data, data)
		return
	}
	for len(data) > 0 {
		p.block.Decrypt(data, data[:aes.BlockSize])
		data = data[aes.BlockSize:]
	}
}

// openStandard checks the password in the way of Office 2007 (MS-OFFCRYPTO 2.3.4.7 to 2.3.4.9).
func (p *decryptedPackage) openStandard(info []byte, password string) bool {
	const spin, firstAES, lastAES = 50_000, 0x660E, 0x6610
	header, verifier, ok := splitEncryptionInfo(info)
	length := header.keyBits / 8
	if !ok || header.algorithm < firstAES || header.algorithm > lastAES || len(verifier.hash) < 2*aes.BlockSize ||
		length != 16 && length != 24 && length != 32 {
		return false
	}
	hashed := forPurpose(sha1.New(), spinHash(sha1.New(), verifier.salt, password, spin), make([]byte, 4))
	derive := func(pad byte) []byte {
		var buffer [64]byte
		for i := range buffer {
			buffer[i] = pad
			if i < len(hashed) {
				buffer[i] ^= hashed[i]
			}
		}
		sum := sha1.Sum(buffer[:])
		return sum[:]
	}
	key := append(derive(0x36), derive(0x5C)...)[:length]
	block, err := aes.NewCipher(key)
	if err != nil {
		return false
	}
	p.block = block
	plain := append(append([]byte(nil), verifier.verifier...), verifier.hash[:2*aes.BlockSize]...)
	p.decryptSegment(plain, 0)
	sum := sha1.Sum(plain[:aes.BlockSize])
	return subtle.ConstantTimeCompare(sum[:], plain[aes.BlockSize:aes.BlockSize+sha1.Size]) == 1
}

// spinHash hashes salt and password, then the result with a counter again and again.
func spinHash(h hash.Hash, salt []byte, password string, spin int) []byte {
	h.Write(salt)
	h.Write(utf16Password(password))
	sum := h.Sum(nil)
	var counter [4]byte
	for i := range spin {
		h.Reset()
		binary.LittleEndian.PutUint32(counter[:], uint32(i))
		h.Write(counter[:])
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum
}

// forPurpose turns the hash of a password into that for one purpose.
func forPurpose(h hash.Hash, sum, purpose []byte) []byte {
	h.Reset()
	h.Write(sum)
	h.Write(purpose)
	return h.Sum(nil)
}

// agileKey is what describes a key in the agile method: of the package, or of the password.
type agileKey struct {
	salt                        []byte
	newHash                     func() hash.Hash
	length                      int // bytes of the key
	spin                        int
	verifier, verifierHash, key []byte // encrypted; of the password's only
}

// fit cuts bytes to a length, or fills them up (MS-OFFCRYPTO 2.3.4.12).
func fit(data []byte, length int) []byte {
	const filler = 0x36
	out := bytes.Repeat([]byte{filler}, length)
	copy(out, data)
	return out
}

// openAgile checks the password in the way of Office 2010 and later (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15).
func (p *decryptedPackage) openAgile(description []byte, password string) bool {
	data, user, ok := parseAgile(description)
	if !ok {
		return false
	}
	forVerifier := []byte{0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79}
	forHash := []byte{0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E}
	forKey := []byte{0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6}
	base := spinHash(user.newHash(), user.salt, password, user.spin)
	open := func(purpose, encrypted []byte) []byte {
		block, err := aes.NewCipher(fit(forPurpose(user.newHash(), base, purpose), user.length))
		if err != nil || len(encrypted) == 0 || len(encrypted)%aes.BlockSize != 0 {
			return nil
		}
		plain := make([]byte, len(encrypted))
		cipher.NewCBCDecrypter(block, fit(user.salt, aes.BlockSize)).CryptBlocks(plain, encrypted)
		return plain
	}
	verifier, expected := open(forVerifier, user.verifier), open(forHash, user.verifierHash)
	h := user.newHash()
	if len(verifier) < len(user.salt) || len(expected) < h.Size() {
		return false
	}
	h.Write(verifier[:len(user.salt)])
	if subtle.ConstantTimeCompare(h.Sum(nil), expected[:h.Size()]) != 1 {
		return false
	}
	key := open(forKey, user.key)
	if len(key) < data.length {
		return false
	}
	block, err := aes.NewCipher(key[:data.length])
	if err != nil {
		return false
	}
	p.block = block
	p.iv = func(segment uint32) []byte {
		h := data.newHash()
		h.Write(data.salt)
		h.Write(binary.LittleEndian.AppendUint32(nil, segment))
		return fit(h.Sum(nil), aes.BlockSize)
	}
	return true
}

// parseAgile reads the description of an agile encryption.
func parseAgile(description []byte) (data, user agileKey, ok bool) {
	var x xmlScanner
	x.reset(bytes.NewReader(description))
	haveData, haveUser := false, false
	for {
		switch x.next() {
		case xmlEnd:
			return data, user, haveData && haveUser && x.reason == rules.NoReason
		case xmlOpen:
			switch string(x.name) {
			case "keyData":
				data, haveData = readAgileKey(&x)
			case "encryptedKey":
				user, haveUser = readAgileKey(&x)
			}
		}
	}
}

// readAgileKey reads the attributes that describe a key. Only AES in CBC mode is known.
func readAgileKey(x *xmlScanner) (k agileKey, ok bool) {
	decode := func(name string) []byte {
		raw, err := base64.StdEncoding.DecodeString(string(x.attr(name)))
		if err != nil {
			return nil
		}
		return raw
	}
	switch string(x.attr("hashAlgorithm")) {
	case "SHA1", "SHA-1":
		k.newHash = sha1.New
	case "SHA256":
		k.newHash = sha256.New
	case "SHA384":
		k.newHash = sha512.New384
	case "SHA512":
		k.newHash = sha512.New
	default:
		return k, false
	}
	k.salt = decode("saltValue")
	k.length = smallNumber(x.attr("keyBits")) / 8
	k.spin = max(0, smallNumber(x.attr("spinCount")))
	k.verifier, k.verifierHash, k.key = decode("encryptedVerifierHashInput"), decode("encryptedVerifierHashValue"), decode("encryptedKeyValue")
	return k, string(x.attr("cipherAlgorithm")) == "AES" && string(x.attr("cipherChaining")) == "ChainingModeCBC" && len(k.salt) > 0 &&
		(k.length == 16 || k.length == 24 || k.length == 32) && k.spin <= maxSpin
}
