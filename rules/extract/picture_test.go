package extract

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"stanch/rules"
)

// pictures are pictures as encoders write them.
func pictures(t testing.TB) map[string][]byte {
	t.Helper()
	drawn := image.NewPaletted(image.Rect(0, 0, 97, 61), color.Palette{color.Black, color.White, color.Gray{128}, color.Gray{200}})
	for i := range drawn.Pix {
		drawn.Pix[i] = uint8(i * i >> 3 & 3)
	}
	var asPNG, asJPEG, asGIF bytes.Buffer
	for _, err := range []error{
		png.Encode(&asPNG, drawn), jpeg.Encode(&asJPEG, drawn, &jpeg.Options{Quality: 95}),
		gif.EncodeAll(&asGIF, &gif.GIF{Image: []*image.Paletted{drawn, drawn}, Delay: []int{1, 1}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	webp := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "\x03\x00\x00\x00abc\x00"...)
	binary.LittleEndian.PutUint32(webp[4:], uint32(len(webp)-8))
	return map[string][]byte{"PNG": asPNG.Bytes(), "JPEG": asJPEG.Bytes(), "GIF": asGIF.Bytes(), "WebP": webp}
}

// What stands behind the end of a picture is read, whatever it is, and the picture alone gives nothing.
func TestBehindPictures(t *testing.T) {
	const text = "Ann Brown, ann.brown@example.org\n"
	all := pictures(t)
	for name, picture := range all {
		for _, c := range []struct {
			name, behind string
			want         string // in the text that is read; "" for no text at all
			status       rules.Status
		}{
			{"nothing", "", "", rules.Complete},
			{"zeros", strings.Repeat("\x00", 100_000), "", rules.Complete},
			{"text", text, text, rules.Complete},
			{"text behind zeros", strings.Repeat("\x00", 70_000) + text, text, rules.Complete},
			{"text behind other pictures", string(all["JPEG"]) + string(all["GIF"]) + string(all["PNG"]) + text, text, rules.Complete},
			{"another picture", string(all["JPEG"]), "", rules.Complete},
			{"a film", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", 64), "", rules.Complete},
			{"what only a maker reads", "\x01\x00\x02SEFH\x00" + "Image_UTC_Data" + "\x00\x00SEFT", "Image_UTC_Data", rules.Complete},
		} {
			body := append(bytes.Clone(picture), c.behind...)
			if format := Sniff(body[:min(len(body), SniffLength)], "", ""); format != rules.Image {
				t.Fatalf("%s: sniffed as %v", name, format)
			}
			var read []byte
			_, status, _ := NewDocument(rules.Image).Read(bytes.NewReader(body), int64(len(body)), Options{}, func(b *Batch) { read = append(read, b.Text...) })
			if status != c.status || (len(bytes.TrimSpace(read)) == 0) != (c.want == "") || !bytes.Contains(read, []byte(c.want)) {
				t.Errorf("%s behind a %s: %v, %q", c.name, name, status, read)
			}
		}
	}
}

// The end of a picture is told from its structure: bytes in it that look like an end are none, and one that is cut off has none.
func TestPictureEnd(t *testing.T) {
	for name, picture := range pictures(t) {
		for _, behind := range []string{"", "x", "some text", "\xFF\xD9;IEND"} {
			body := append(bytes.Clone(picture), behind...)
			if end := pictureEnd(bytes.NewReader(body), 0, int64(len(body))); end != int64(len(picture)) {
				t.Errorf("%s of %d bytes before %q ends at %d", name, len(picture), behind, end)
			}
		}
		if cut := picture[:len(picture)-1]; pictureEnd(bytes.NewReader(cut), 0, int64(len(cut))) >= 0 {
			t.Errorf("%s that is cut off has an end", name)
		}
	}
}
