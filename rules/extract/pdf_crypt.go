package extract

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"io"
)

// pdfPadding fills up passwords: ISO 32000-1, 7.6.3.3, algorithm 2.
const pdfPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// maxPDFCipher bounds the encrypted data of one stream that are deciphered, in bytes.
const maxPDFCipher = 64 << 20

// pdfCipher is how strings or streams are encrypted.
type pdfCipher uint8

const (
	pdfPlain pdfCipher = iota
	pdfRC4
	pdfAES
)

// A pdfCrypt deciphers a file that opens without a password. All its methods work on nil, which deciphers nothing.
type pdfCrypt struct {
	key           []byte
	version       int64
	onStrings     pdfCipher
	onStreams     pdfCipher
	plainMetadata bool
}

// newPDFCrypt tries the empty user password of the standard security handler. It returns nil when a password is needed.
func newPDFCrypt(f *pdfFile, dict pdfValue, id []byte) *pdfCrypt {
	version, revision := f.get(dict, "V").integer(), f.get(dict, "R").integer()
	c := &pdfCrypt{version: version, onStrings: pdfRC4, onStreams: pdfRC4}
	if f.get(dict, "Filter").name() != "Standard" {
		return nil
	}
	bits := f.get(dict, "Length").integer()
	metadata := f.get(dict, "EncryptMetadata")
	c.plainMetadata = metadata.kind == pdfWord && string(metadata.text) == "false"
	if version >= 4 {
		filters := f.get(dict, "CF")
		c.onStreams = c.filter(f, filters, f.get(dict, "StmF").name())
		c.onStrings = c.filter(f, filters, f.get(dict, "StrF").name())
		bits = 128
	}
	if version == 1 || bits < 40 || bits > 128 {
		bits = 40
	}
	owner, user := f.get(dict, "O").text, f.get(dict, "U").text
	if revision >= 5 {
		return c.open256(revision, user, f.get(dict, "UE").text)
	}
	if len(owner) < 32 || len(user) < 32 {
		return nil
	}
	return c.open128(revision, int(bits/8), owner[:32], user, uint32(f.get(dict, "P").integer()), id)
}

func (c *pdfCrypt) filter(f *pdfFile, filters pdfValue, name string) pdfCipher {
	switch f.get(f.get(filters, name), "CFM").name() {
	case "V2":
		return pdfRC4
	case "AESV2", "AESV3":
		return pdfAES
	}
	return pdfPlain
}

// open128 makes the key and checks it: ISO 32000-1, 7.6.3.3 and 7.6.3.4, algorithms 2, 4 and 5.
func (c *pdfCrypt) open128(revision int64, length int, owner, user []byte, permissions uint32, id []byte) *pdfCrypt {
	h := md5.New()
	io.WriteString(h, pdfPadding)
	h.Write(owner)
	h.Write(binary.LittleEndian.AppendUint32(nil, permissions))
	h.Write(id)
	if revision >= 4 && c.plainMetadata {
		h.Write([]byte{0xFF, 0xFF, 0xFF, 0xFF})
	}
	key := h.Sum(nil)
	if revision >= 3 {
		for range 50 {
			sum := md5.Sum(key[:length])
			key = sum[:]
		}
	}
	c.key = key[:length]
	if revision < 3 {
		check := rc4Once(c.key, []byte(pdfPadding))
		if !bytes.Equal(check, user[:32]) {
			return nil
		}
		return c
	}
	sum := md5.Sum(append([]byte(pdfPadding), id...))
	check := rc4Once(c.key, sum[:])
	for i := byte(1); i <= 19; i++ {
		key := bytes.Clone(c.key)
		for j := range key {
			key[j] ^= i
		}
		check = rc4Once(key, check)
	}
	if !bytes.Equal(check, user[:16]) {
		return nil
	}
	return c
}

func rc4Once(key, text []byte) []byte {
	out := make([]byte, len(text))
	if cipher, err := rc4.NewCipher(key); err == nil {
		cipher.XORKeyStream(out, text)
	}
	return out
}

// open256 checks the password and opens the key: ISO 32000-2, 7.6.4.3.3, algorithm 2.A.
func (c *pdfCrypt) open256(revision int64, user, sealed []byte) *pdfCrypt {
	if len(user) < 48 || len(sealed) < 32 {
		return nil
	}
	if !bytes.Equal(pdfHash(revision, user[32:40]), user[:32]) {
		return nil
	}
	block, err := aes.NewCipher(pdfHash(revision, user[40:48]))
	if err != nil {
		return nil
	}
	c.key = make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(c.key, sealed[:32])
	return c
}

// pdfHash hashes the empty password with a salt: algorithm 2.B; revision 5 stops after the first hash.
func pdfHash(revision int64, salt []byte) []byte {
	first := sha256.Sum256(salt)
	k := first[:]
	if revision < 6 {
		return k
	}
	for round := 0; ; round++ {
		k1 := bytes.Repeat(k, 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(k1, k1)
		remainder := 0
		for _, b := range k1[:16] {
			remainder += int(b)
		}
		switch remainder % 3 {
		case 0:
			sum := sha256.Sum256(k1)
			k = sum[:]
		case 1:
			sum := sha512.Sum384(k1)
			k = sum[:]
		default:
			sum := sha512.Sum512(k1)
			k = sum[:]
		}
		if round >= 63 && int(k1[len(k1)-1]) <= round-31 {
			return k[:32]
		}
	}
}

// objectKey is the key of one object: ISO 32000-1, 7.6.2, algorithm 1.
func (c *pdfCrypt) objectKey(o *pdfObject, kind pdfCipher) []byte {
	if c.version >= 5 {
		return c.key
	}
	n, g := o.number, o.place.generation
	seed := append(bytes.Clone(c.key), byte(n), byte(n>>8), byte(n>>16), byte(g), byte(g>>8))
	if kind == pdfAES {
		seed = append(seed, "sAlT"...)
	}
	sum := md5.Sum(seed)
	return sum[:min(len(c.key)+5, len(sum))]
}

func (c *pdfCrypt) decipher(o *pdfObject, kind pdfCipher, text []byte) []byte {
	switch kind {
	case pdfRC4:
		return rc4Once(c.objectKey(o, kind), text)
	case pdfAES:
		block, err := aes.NewCipher(c.objectKey(o, kind))
		if err != nil || len(text) < 2*aes.BlockSize {
			return nil
		}
		body := text[aes.BlockSize:]
		body = body[:len(body)/aes.BlockSize*aes.BlockSize]
		out := make([]byte, len(body))
		cipher.NewCBCDecrypter(block, text[:aes.BlockSize]).CryptBlocks(out, body)
		if padding := int(out[len(out)-1]); padding >= 1 && padding <= aes.BlockSize {
			out = out[:len(out)-padding]
		}
		return out
	}
	return text
}

// strings deciphers all strings of an object that stands in the file itself.
func (c *pdfCrypt) strings(o *pdfObject) {
	if c == nil || c.onStrings == pdfPlain {
		return
	}
	c.inValue(o, &o.value)
}

func (c *pdfCrypt) inValue(o *pdfObject, v *pdfValue) {
	switch v.kind {
	case pdfString:
		v.text = c.decipher(o, c.onStrings, v.text)
	case pdfArray:
		for i := range v.array {
			c.inValue(o, &v.array[i])
		}
	case pdfDict:
		for key, entry := range v.dict {
			c.inValue(o, &entry)
			v.dict[key] = entry
		}
	}
}

// stream deciphers the data of a stream.
func (c *pdfCrypt) stream(o *pdfObject, from io.Reader) (io.Reader, error) {
	kind := o.get("Type").name()
	if c == nil || c.onStreams == pdfPlain || kind == "XRef" || kind == "Metadata" && c.plainMetadata {
		return from, nil
	}
	if c.onStreams == pdfRC4 {
		cipher, err := rc4.NewCipher(c.objectKey(o, pdfRC4))
		if err != nil {
			return nil, errCorrupt
		}
		return &rc4Reader{from, cipher}, nil
	}
	text, err := io.ReadAll(io.LimitReader(from, maxPDFCipher+1))
	if err != nil || len(text) > maxPDFCipher {
		return nil, errTooLarge
	}
	return bytes.NewReader(c.decipher(o, pdfAES, text)), nil
}

type rc4Reader struct {
	from   io.Reader
	cipher *rc4.Cipher
}

func (r *rc4Reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.cipher.XORKeyStream(p[:n], p[:n])
	return n, err
}
