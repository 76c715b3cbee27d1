package extract

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"stanch/rules"
)

func indexOf(text []byte, part string) int { return bytes.Index(text, []byte(part)) }

var textCases = []readerCase{
	{name: "empty", format: rules.Text, body: ""},
	{name: "plain", format: rules.Text, body: "hello world\nline two 4111 1111\n", text: "hello world\nline two 4111 1111\n"},
	{name: "invisible", format: rules.Text, body: "4\u200b1\u00ad1\u20601\ufe0f\U000e0041", text: "4111"},
	{name: "letters that look Latin", format: rules.Text, body: "jоhn@еxаmрlе.оrg a\u200bо, Иван о Ann ορ pο а. \ufb01х\n", text: "john@example.org ao, Иван о Ann ορ po а. \ufb01х\n"},
	{name: "letters that look Latin, in references", format: rules.HTML, body: "<p>j&#1086;hn@&#x435;x.&#1086;rg &#1055;&#1086; &#97;&#1086;о</p>", text: "<p>john@ex.org По aoo</p>"},
	{name: "letters that look Latin, in escapes", format: rules.JSON, body: `{"a":"j\u043ehn@\u0435x.\u043erg \u041f\u043e \u0061\u043eо"}`, text: `{"a":"john@ex.org По aoo"}`},
	{name: "tags", format: rules.Text, body: "a \U000e0034\U000e0031\U000e0031\U000e007f, 4\U000e0034\U000e00341 \U0001f3f4\U000e0067\U000e0062\U000e007f", text: "a 411, 41 \U0001f3f4"},
	{name: "digits", format: rules.Text, body: "\u0664\u0967\uff11\U0001d7ce\u17e5", text: "41105"},
	{name: "letters stay", format: rules.Text, body: "Zoë Дмитрий 山田太郎 שלום แดง Łukasz 🙂", text: "Zoë Дмитрий 山田太郎 שלום แดง Łukasz 🙂"},
	{name: "windows-1252", format: rules.Text, body: "Zo\xeb \x93x\x94 1\xa02\x962", text: "Zoë “x” 1 2-2"},
	{name: "percent", format: rules.Text, body: "q=jo%40x.org&t=%2B44%20%32 100% %zz %25 %2540", text: "q=jo@x.org&t=+44 2 100% %zz %25 @"},
	{name: "percent in percent", format: rules.Text, body: "q=%25%34%30 %25%34b %253%31 %25%3g %25%34%2 %25%3", text: "q=@ K 1 %25%3g %254%2 %25%3"},
	{name: "unicode escapes", format: rules.Text, body: `jo\u0040x \x40 \u{40} C:\users \u00`, text: `jo@x @ @ C:\users \u00`},
	{name: "torn UTF-8", format: rules.Text, body: "\xe2\x80", text: "â€"},
	{name: "BOM", format: rules.Text, body: "\ufeffhello", text: "hello"},
}

var csvCases = []readerCase{
	{name: "header", format: rules.CSV, body: "Name,NHS No\nBob,9434765919\n\"Al \"\"B\"\"\",\"1,2\"\n",
		cells: []string{"Name=Bob", "NHS No=9434765919", `Name=Al "B"`, "NHS No=1,2"},
		where: []string{"row 2, column 1 (Name)", "row 2, column 2 (NHS No)", "row 3, column 1 (Name)", "row 3, column 2 (NHS No)"}},
	{name: "no header", format: rules.CSV, body: "Bob,9434765919\r\nAl,9434765870\r\n", cells: []string{"=Bob", "=9434765919", "=Al", "=9434765870"},
		where: []string{"row 1, column 1", "row 1, column 2", "row 2, column 1", "row 2, column 2"}},
	{name: "semicolons", format: rules.CSV, body: "\ufeffname;e-mail\r\nÅsa;a@x.org\r\n", cells: []string{"name=Åsa", "e-mail=a@x.org"}},
	{name: "sep line", format: rules.CSV, body: "sep=;\nname;id\na,b;1\n", cells: []string{"name=a,b", "id=1"}, where: []string{"row 3, column 1 (name)", "row 3, column 2 (id)"}},
	{name: "formula", format: rules.CSV, body: "name,code\na,=\"00123\"\nb, \"x\" \n", cells: []string{"name=a", "code=00123", "name=b", "code=x"}},
	{name: "newlines in quotes", format: rules.CSV, body: "name,note\n\"a\nb\",\"c\r\nd\"\rx,y1", cells: []string{"name=a\nb", "note=c\r\nd", "name=x", "note=y1"}},
	{name: "lone quotes", format: rules.CSV, body: "name,note\n5\" pipe,x\n\"a\" b,\"c\"d\n", cells: []string{"name=5\" pipe", "note=x", `name=a" b,"c"d` + "\n"}},
	{name: "ragged", format: rules.CSV, body: "name,id\na,1,2,3\n\nb\n", cells: []string{"name=a", "id=1", "=2", "=3", "name=b"}},
	{name: "one column", format: rules.CSV, body: "email\na@x.org\nb@x.org\n", cells: []string{"email=a@x.org", "email=b@x.org"}},
	{name: "tabs", format: rules.CSV, body: "Name\tPhone\nAl\t020 7946 0958\n", cells: []string{"Name=Al", "Phone=020 7946 0958"}},
	{name: "title above", format: rules.CSV, body: "Applicants\n\nName,Id\na,1\nb,2\n", cells: []string{"Name=a", "Id=1", "Name=b", "Id=2"}},
	{name: "numbered headers", format: rules.CSV, body: "Name1,Email1,Name2,Email2\nBob,b@x,Al,a@x\nJo,j@x,Ed,e@x\n",
		cells: []string{"Name1=Bob", "Email1=b@x", "Name2=Al", "Email2=a@x", "Name1=Jo", "Email1=j@x", "Name2=Ed", "Email2=e@x"}},
	{name: "two columns between bars", format: rules.CSV, body: "| Name | Phone |\n|---|---|\n| Bob | 020 7946 0958 |\n| Al | 020 7946 0959 |\n",
		cells: []string{"Name=---", "Phone=---", "Name=Bob", "Phone=020 7946 0958", "Name=Al", "Phone=020 7946 0959"}},
	{name: "long field", format: rules.CSV, body: "name,id\n\"" + strings.Repeat("é\"\"x", 1500) + "\",7\n"},
	{name: "long plain field", format: rules.CSV, body: "name,id\n" + strings.Repeat("é&#64;", 900) + ",7\n"},
	{name: "unclosed quote", format: rules.CSV, body: "name,id\n\"" + strings.Repeat("a,1\n", 1200)},
}

var jsonCases = []readerCase{
	{name: "object", format: rules.JSON, body: `{"name":"Bob","age":42,"ok":true,"x":null,"e":{"f":"g"}}`,
		cells: []string{"name=Bob", "age=42", "ok=true", "f=g"}, where: []string{"$.name", "$.age", "$.ok", "$.e.f"}},
	{name: "array", format: rules.JSON, body: `{"applicants": [ {"email":"a@x"}, {"email":"b@x","tags":["p1","q"]} ] }`,
		cells: []string{"email=a@x", "email=b@x", "tags=p1"},
		where: []string{"$.applicants[0].email", "$.applicants[1].email", "$.applicants[1].tags[0]"}},
	{name: "rows", format: rules.JSON, body: `[["a",1],["b",2]]`, cells: []string{"=a", "=1", "=b", "=2"}},
	{name: "digits", format: rules.JSON, body: `{"a":[4,1, 1,"1","2",13,5],"b":[1],"c":["x!"]}`, text: `{"a":[41112",13,5],"b":[1],"c":["x!"]}`, cells: []string{"a=13", "c=x!"}},
	{name: "letters", format: rules.JSON, body: `{"a":["j", "o","@","x",".","o","r","g"],"b":["y"],"c":["d","e","fg","h"]}`, text: `{"a":["jo@x.org"],"b":["y"],"c":["de","fg","h"]}`, cells: []string{"c=fg"}},
	{name: "whole numbers", format: rules.JSON, body: `{"a":9.990000018e9,"b":[9990000018.0, 99900000180E-1, 1.5e3,1e400, 12345678.5,123456789012345678901.0,0.99900000180e+10],"c":"9.990000018e9","d":99900001e1}`,
		text: `{"a":9990000018,"b":[9990000018, 9990000018, 1.5e3,1e400, 12345678.5,123456789012345678901.0,9990000018],"c":"9.990000018e9","d":999000010}`},
	{name: "escapes", format: rules.JSON, body: `{"a\u0062":"\"q\\\" \u0034\n\ud83d\ude00 \ud800 \\"}`, cells: []string{"ab=\"q\\\" 4\n😀 \ufffd \\"}},
	{name: "lines", format: rules.NDJSON, body: "{\"a\":1}\n{\"a\":[22}\n{\"a\":3}\n", cells: []string{"a=1", "a=22", "a=3"}, where: []string{"line 1, $.a", "line 2, $.a[0]", "line 3, $.a"}},
	{name: "guards", format: rules.JSON, body: ")]}'\n{\"a\":\"b\"}", cells: []string{"a=b"}},
	{name: "call", format: rules.JSON, body: "cb({'a':'b', c: 12});", cells: []string{"a=b", "c=12"}},
	{name: "comments", format: rules.JSON, body: "{ // it's\n\"a\" /* \" */ : 1 }", cells: []string{"a=1"}},
	{name: "malformed", format: rules.JSON, body: `}{]"a":[1,,"b"` + "\n" + `x'y"open`},
	{name: "deep", format: rules.JSON, body: strings.Repeat(`[{"a":`, 700) + `1` + strings.Repeat("}]", 700)},
	{name: "long string", format: rules.JSON, body: `{"a":"` + strings.Repeat(`é\\\u0041\"`, 700) + `","b":2}`},
}

// charsetCases come with their charset in the type of the case.
var charsetCases = []readerCase{
	{name: "UTF-16LE BOM", format: rules.CSV, body: wide("\ufeffname,id\nÅsa\u200b,４1\n", 2, false), text: "name,id\nÅsa,41\n", cells: []string{"name=Åsa", "id=41"}},
	{name: "UTF-16BE", format: rules.Text, body: wide("hello 4111 1111 😀 x", 2, true), text: "hello 4111 1111 😀 x"},
	{name: "UTF-16LE odd end", format: rules.Text, body: wide("hello 4111", 2, false) + "x", text: "hello 4111\ufffd"},
	{name: "UTF-32LE", format: rules.JSON, body: wide(`{"a":"b\u0034é"}`, 4, false), cells: []string{"a=b4é"}},
	{name: "UTF-32BE BOM", format: rules.Text, body: wide("\ufeffabc", 4, true), text: "abc"},
	{name: "records", format: rules.NDJSON, body: wide("{\"a\":\"x\",\"é\":1}\n{\"a\":\"y\"}\n", 2, false), cells: []string{"a=x", "é=1", "a=y"}},
	{name: "Shift_JIS", format: rules.Text, body: "\x8eR\x93c 020 \x82S\x82P \xb1", contentType: "text/plain; charset=Shift_JIS", text: "山田 020 41 ｱ"},
	{name: "ISO-2022-JP", format: rules.Text, body: "a \x1b$B;3ED#4\x1b(B 41", contentType: "text/plain; charset=iso-2022-jp", text: "a 山田4 41"},
	{name: "GB18030", format: rules.Text, body: "\xc9\xbd 1\x81\x30\x81\x30", contentType: "text/plain; charset=gb18030", text: "山 1\u0080"},
	{name: "windows-1251 in page", format: rules.HTML, body: "<meta charset=\"windows-1251\"><p>\xc4\xe0 1\xa02", text: "<meta charset=\"windows-1251\"><p>Да 1 2"},
	{name: "EBCDIC", format: rules.Text, body: "\xc1\x82\x83\x40\xf4\xf1", contentType: "text/plain; charset=ibm037", text: "Abc 41"},
	{name: "EBCDIC that nobody names", format: rules.Text, body: encodedAs(charmap.CodePage037, "Name,Phone\nAnn Brown,020 7946 0958\n"), text: "Name,Phone\nAnn Brown,020 7946 0958\n"},
	{name: "UTF-7", format: rules.Text, body: "a +ADQAMQ- b+- +AGE", contentType: "text/plain; charset=utf-7", text: "a 41 b+ a"},
	{name: "UTF-8 in spite of a lie", format: rules.Text, body: "Дa 41", contentType: "text/plain; charset=windows-1251", text: "Дa 41"},
	{name: "ASCII called UTF-16", format: rules.Text, body: "hello 4111 1111", contentType: "text/plain; charset=utf-16", text: "hello 4111 1111"},
}

// wide encodes text in UTF-16 or UTF-32.
func wide(text string, width int, bigEndian bool) string {
	units := []uint32{}
	for _, r := range text {
		if width == 2 && r > 0xFFFF {
			high, low := utf16.EncodeRune(r)
			units = append(units, uint32(high), uint32(low))
			continue
		}
		units = append(units, uint32(r))
	}
	var out []byte
	for _, unit := range units {
		for k := range width {
			shift := 8 * k
			if bigEndian {
				shift = 8 * (width - 1 - k)
			}
			out = append(out, byte(unit>>shift))
		}
	}
	return string(out)
}

var sqlCases = []readerCase{
	{name: "insert", format: rules.SQL, body: "INSERT INTO `people` (`name`, \"e-mail\", id) VALUES ('O''Neil','a@x',12),('D\\'Arcy (x;y)', NULL, -3);\nSELECT 'x';",
		cells: []string{"name=O'Neil", "e-mail=a@x", "id=12", `name=D\'Arcy (x;y)`, "id=-3"},
		where: []string{"people row 1, column 1 (name)", "people row 1, column 2 (e-mail)", "people row 1, column 3 (id)", "people row 2, column 1 (name)", "people row 2, column 3 (id)"}},
	{name: "without names", format: rules.SQL, body: "insert into t values('a',1);\ninsert into t values('b',2);", cells: []string{"=a", "=1", "=b", "=2"}},
	{name: "create table", format: rules.SQL, body: "-- it's\nCREATE TABLE IF NOT EXISTS public.t (\n id int NOT NULL, `nhs no` varchar(10),\n PRIMARY KEY (id)\n);\n/* ' */ INSERT INTO public.t VALUES (1,'943 476 5919');",
		cells: []string{"id=1", "nhs no=943 476 5919"}},
	{name: "copy", format: rules.SQL, body: "COPY public.p (name, email) FROM stdin;\nBob\ta@x\nAl\t\\N\n\\.\n\nSELECT 1;", cells: []string{"name=Bob", "email=a@x", "name=Al"}},
	{name: "unclosed", format: rules.SQL, body: "INSERT INTO t VALUES ('" + strings.Repeat("é''\\'x", 1500)},
}

var layerCases = []readerCase{
	{name: "events", format: rules.EventStream, body: ": ok\n\nevent: x\ndata: {\"email\":\ndata:\"a@x\"}\n\ndata: {\"email\":\"unclosed\n\ndata: {\"email\":\"b@x\"}\r\n\r\n",
		text: ": ok\n\nevent: x\n{\"email\":\n\"a@x\"}\n\n{\"email\":\"unclosed\n\n{\"email\":\"b@x\"}\r\n\r\n", cells: []string{"email=a@x", "email=unclosed", "email=b@x"}},
	{name: "plain events", format: rules.EventStream, body: "data: it's \"so\n\ndata: 4111\n", text: "it's \"so\n\n4111\n"},
	{name: "card", format: rules.VCard, body: "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob B\r\nitem1.TEL;TYPE=\"a:b\":020 79\r\n 46 0958\r\nEND:VCARD\r\nBEGIN:VCARD\nFN:Al\nEND:VCARD\n",
		cells: []string{"VERSION=3.0", "FN=Bob B", "TEL=020 7946 0958", "FN=Al"}, where: []string{"entry 1, VERSION", "entry 1, FN", "entry 1, TEL", "entry 2, FN"}},
	{name: "calendar", format: rules.ICalendar, body: "BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE;CN=\"Bob B\":mailto:b@x\nBEGIN:VALARM\nEND:VALARM\nSUMMARY:a\\, b\nEND:VEVENT\nEND:VCALENDAR",
		cells: []string{"CN=Bob B", "ATTENDEE=mailto:b@x", "SUMMARY=a, b"}},
	{name: "form", format: rules.Text, contentType: "application/x-www-form-urlencoded", body: "tel=%2B44+20+7946&m=a%40x", text: "tel=+44 20 7946&m=a@x"},
	{name: "fields", format: rules.Fields, body: "version: 1\n\ndn: uid=b,dc=x\ncn: Bob B\nnote: it is\n- long\n and longer\n\n---\ncn: \"Al\"\nurl:http://x\n",
		cells: []string{"version=1", "dn=uid=b,dc=x", "cn=Bob B", "note=it is", "note=- long", "cn=Al"},
		where: []string{"entry 1, version", "entry 2, dn", "entry 2, cn", "entry 2, note", "entry 2, note", "entry 3, cn"}},
	{name: "a list of fields", format: rules.Fields, body: "people:\n  - name: Bob\n    phones:\n      - home: 1\n      - work: 2\n  - name: Al\n    'e-mail': 'a@x'\nend: yes",
		cells: []string{"name=Bob", "home=1", "work=2", "name=Al", "e-mail=a@x", "end=yes"},
		where: []string{"entry 1, name", "entry 1, home", "entry 1, work", "entry 2, name", "entry 2, e-mail", "entry 3, end"}},
	{name: "a long field", format: rules.Fields, body: "note: " + strings.Repeat("é x ", 1900) + "\nname: Al\n"},
	{name: "long line", format: rules.VCard, body: "BEGIN:VCARD\nNOTE:" + strings.Repeat("é\\,x\n ", 900) + "\nEND:VCARD\n"},
}

var xmlCases = []readerCase{
	{name: "records", format: rules.XML, body: "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY x 'y'>]><people><person id=\"7\"><name>Bob &amp; Al</name><a:mail>b@x</a:mail></person><!-- c --><person><name><![CDATA[Al <b>]]></name><pet><name>Rex</name></pet></person></people>",
		cells: []string{"id=7", "name=Bob &amp; Al", "mail=b@x", "name=Al <b>", "name=Rex"},
		where: []string{"/people/person[1]/@id", "/people/person[1]/name", "/people/person[1]/mail", "/people/person[2]/name", "/people/person[2]/pet/name"}},
	{name: "fields that an attribute names", format: rules.XML, body: "<rs><row><field name=\"name\">Bob</field><field type='x' key='mail'>b@x</field></row><row><field name=\"name\">Al</field><field>c</field></row></rs>",
		cells: []string{"name=Bob", "type=x", "mail=b@x", "name=Al", "field=c"},
		where: []string{"/rs/row[1]/field/@name", "/rs/row[1]/field/@type", "/rs/row[1]/field/@mail", "/rs/row[2]/field/@name", "/rs/row[2]/field[2]"}},
	{name: "sheet", format: rules.XML, body: "<Workbook><Worksheet ss:Name=\"S\"><Table><Row><Cell><Data ss:Type=\"String\">Name</Data></Cell><Cell><Data>Phone</Data></Cell></Row><Row><Cell ss:Index=\"2\"><Data>020 7946 0958</Data></Cell></Row></Table></Worksheet></Workbook>",
		cells: []string{"=Name", "=Phone", "Phone=020 7946 0958"}},
	{name: "flat ODF", format: rules.XML, body: "<table:table><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell><text:p>E-mail</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"3\"/><table:table-cell><text:p>b@x</text:p></table:table-cell></table:table-row></table:table>",
		cells: []string{"=Name", "=E-mail", "E-mail=b@x"}},
	{name: "sections", format: rules.XML, body: "<p><a>jo<![CDATA[@x]]>.org</a><b> <![CDATA[ ]]><![CDATA[ 41]]><![CDATA[11 ]]> </b><c><![CDATA[]]></c></p>", cells: []string{"a=jo@x.org", "b=4111"}},
	{name: "sections and much text", format: rules.XML, body: "<p>a<![CDATA[b]]>" + strings.Repeat("x y ", 1500) + "<![CDATA[" + strings.Repeat("]] ", 900) + "]]>" + strings.Repeat("<![CDATA[4]]>", 150) + "</p>"},
	{name: "malformed", format: rules.XML, body: "</x><a b=c d='e><f>1</g></a></a>&#52;<![CDATA[x]]"},
	{name: "long", format: rules.XML, body: "<a><b>" + strings.Repeat("é&#52;x", 1000) + "</b><!-- " + strings.Repeat("é", 3000) + "--><c><![CDATA[" + strings.Repeat("é]]", 1500) + "]]></c>"},
}

var htmlCases = []readerCase{
	{name: "joined", format: rules.HTML, body: "<p><b>4111</b> 1111<!-- -->11<span class=x>1</span>1 jo<wbr>hn&#64;x.org</p>", text: "<p><b>4111 11111111 john@x.org</p>"},
	{name: "fields without a space between them", format: rules.HTML, body: "<p><span>jo@x.org</span><span>020 7946</span> al@x.org</b><b>London</b> <i>a@x.or</i><i>g</i> b@exam<i>4<b>ple.com</b></i> c@x.o</b>RG, NI ab<b>12</b>",
		text: "<p><span>jo@x.org</span><span>020 7946 al@x.org</b><b>London</b> <i>a@x.org</i> b@exam4ple.com</b></i> c@x.oRG, NI ab12</b>"},
	{name: "an address in two elements", format: rules.HTML, body: "<b>first.last</b><b>@example.org</b> <b>second.last@</b><b>example.org</b> <b>third.last</b><b>.more@example.org</b>",
		text: "<b>first.last@example.org</b> <b>second.last@example.org</b> <b>third.last.more@example.org</b>"},
	{name: "numbers without a space between them", format: rules.HTML, body: "<b>943 476 5919</b><b>07700 900123</b><i>SW1A 1AA</i> <u>943</u><u>476</u><u>5919</u> <u>41111111</u><u>11111111</u> 943 476 5919</b><b>07700 900123 <i>4111 1111</i><!----> 1111 1111",
		text: "<b>943 476 5919</b><b>07700 900123</b><i>SW1A 1AA</i> <u>9434765919 4111111111111111 943 476 5919</b><b>07700 900123 4111 1111 1111 1111"},
	{name: "reference out of reach of letters", format: rules.HTML, body: "<p>x &lt; y</p>\n<b>p</b><i class=\"" + strings.Repeat("o", 90) + "\">.Parse(&quot;",
		text: "<p>x &lt; y</p>\n<b>p</b><i class=\"" + strings.Repeat("o", 90) + "\">.Parse(&quot;"},
	{name: "reference within reach of letters", format: rules.HTML, body: "<p>jo</b>hn<i>&#64;x.org</i>, jo</b>hn &amp; Co", text: "<p>john@x.org</i>, jo</b>hn &amp; Co"},
	{name: "long address across blocks", format: rules.HTML, body: "<p>" + strings.Repeat("plain words ", 15) + "abcdefjo</b>" + strings.Repeat("hn.doe", 14) + "@x.org" + strings.Repeat(" more", 40),
		text: "<p>" + strings.Repeat("plain words ", 15) + "abcdefjo" + strings.Repeat("hn.doe", 14) + "@x.org" + strings.Repeat(" more", 40)},
	{name: "blocks stay", format: rules.HTML, body: "<p>12</p><p>34<br>56", text: "<p>12</p><p>34<br>56"},
	{name: "values in attributes stay", format: rules.HTML, body: `12<a title="x@y">34</a>`, text: `12<a title="x@y">34</a>`},
	{name: "quoted bracket", format: rules.HTML, body: `12<b title=">">34</b>`, text: `1234</b>`},
	{name: "table", format: rules.HTML, body: "<table><tr><th>Name<th><b>E-mail</b></tr>\n<tr><td>Bob <i>B</i></td><td class='c'><a href=\"mailto:b@x\">b&#64;x</a></td></tr></table>",
		cells: []string{"Name=Bob", "Name=B", "E-mail=b@x"}, where: []string{"table 1, row 2, column 1 (Name)", "table 1, row 2, column 1 (Name)", "table 1, row 2, column 2 (E-mail)"}},
	{name: "table without headings", format: rules.HTML, body: "<table><tr><td>Name<td>E-mail<tr><td>Bob<td>b@x</table>", cells: []string{"=Name", "=E-mail", "Name=Bob", "E-mail=b@x"}},
	{name: "cells over rows and columns", format: rules.HTML,
		body:  "<table><tr><th>A<th>B<th>C<th>D<tr><td rowspan=2>1<td colspan='2'>2<td>3<tr><td rowspan=\"9\" colspan=2>4<td>5<tr><td>6<td>7<tr><td>8</table>",
		cells: []string{"A=1", "B=2", "D=3", "B=4", "D=5", "A=6", "D=7", "A=8"}},
	{name: "numbers aside", format: rules.HTML, body: "<table><tr><th>1.<td>Bob<td>b@x<tr><th>2.<td>Al<td>a@x</table>", cells: []string{"=Bob", "=b@x", "=Al", "=a@x"}},
	{name: "two rows of headings", format: rules.HTML, body: "<table><tr><th rowspan=2>Id<th colspan=2>Person<tr><th>Name<th>Born<tr><th colspan=3>Ward<tr><th>7<td>Bob<td>1.2.1980<tr><th>8</table>",
		cells: []string{"Name=Bob", "Born=1.2.1980"}},
	{name: "headings aside", format: rules.HTML, body: "<table><tr><th>NHS No</th><td>943 476 5919</td></tr><tr><th>Born<td>1.2.1980</table>", cells: []string{"NHS No=943 476 5919", "Born=1.2.1980"}},
	{name: "definitions", format: rules.HTML, body: "<dl><dt>Phone</dt><dd>020 7946 0958</dd></dl>", cells: []string{"Phone=020 7946 0958"}},
	{name: "items", format: rules.HTML, body: "<ul><li>Home</li><li>b@x.org</li></ul>", cells: []string{"=b@x.org"}},
	{name: "entities", format: rules.HTML, body: "<p>Jos&eacute; &amp;64; &Eacute;&nbsp;1&copy2 &unknown; &#0; &#x80;&#1114112;", text: "<p>José &amp;64; É 1©2 &unknown; \ufffd €\ufffd"},
	{name: "unclosed", format: rules.HTML, body: "<table><tr><td title=\"" + strings.Repeat("x<", 2500)},
	{name: "long cell", format: rules.HTML, body: "<table><tr><td>" + strings.Repeat("ab 4<b>1</b>1", 500) + "</td></tr></table>"},
}

// encodedAs is text in another encoding.
func encodedAs(to encoding.Encoding, text string) string {
	encoded, err := to.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return encoded
}

// TestSniffEBCDIC: other encodings, without a space or a line end for so long, are something else.
func TestSniffEBCDIC(t *testing.T) {
	long := func(text string) string { return strings.Repeat(text, 10) }
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"EBCDIC", encodedAs(charmap.CodePage037, "Name,Phone\nAnn Brown,020 7946 0958\n"), "ibm037"},
		{"another page of it", encodedAs(charmap.CodePage1047, "Name,Phone;Ann Brown,020 7946 0958;Eve"), "ibm037"},
		{"another page of it, with brackets", encodedAs(charmap.CodePage1047, `[{"name":"Ann Brown","phone":"020 7946 0958"}]`), "ibm1047"},
		{"little of it", encodedAs(charmap.CodePage037, "Name,Phone"), ""},
		{"Russian in KOI8-R", encodedAs(charmap.KOI8R, long("телефон,имя,")), ""},
		{"Russian in windows-1251", encodedAs(charmap.Windows1251, long("Телефон,имя,")), ""},
		{"Greek in ISO 8859-7", encodedAs(charmap.ISO8859_7, long("τηλεφωνο,ονομα,")), ""},
		{"Chinese in GBK", encodedAs(simplifiedchinese.GBK, long("电话号码姓名，地址")), ""},
		{"Japanese in Shift JIS", encodedAs(japanese.ShiftJIS, long("電話番号は携帯のなまえ")), ""},
		{"UTF-8", long("é電話"), ""},
		{"ASCII", long("name,phone,"), ""},
	} {
		if got := sniffEBCDIC([]byte(c.text)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
