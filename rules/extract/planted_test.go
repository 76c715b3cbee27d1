package extract

import (
	"bytes"
	"strings"
	"testing"

	"stanch/rules"
)

// Namespaces of the parts that the tests make.
const (
	mainNamespace    = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	drawingNamespace = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"`
)

// plantedParts are the places of a workbook, beside its cells, in which a value leaves with it: each part holds the secret once.
var plantedParts = []struct{ what, part, content string }{
	{"header", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><headerFooter><oddHeader>&amp;L` + secret + `&amp;R&amp;P</oddHeader></headerFooter></worksheet>`},
	{"footer of the first page", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><headerFooter><firstFooter>` + secret + `</firstFooter></headerFooter></worksheet>`},
	{"chart sheet's header", "xl/chartsheets/sheet2.xml", `<chartsheet ` + mainNamespace + `><headerFooter><oddHeader>` + secret + `</oddHeader></headerFooter></chartsheet>`},
	{"comment", "xl/comments1.xml", `<comments ` + mainNamespace + `><authors><author>Ann</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>ask jane.doe</t></r><r><rPr><b/></rPr><t>@example.org</t></r></text></comment></commentList></comments>`},
	{"comment's author", "xl/comments1.xml", `<comments ` + mainNamespace + `><authors><author>` + secret + `</author></authors></comments>`},
	{"threaded comment", "xl/threadedComments/threadedComment1.xml", `<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A1" dT="2024-01-01T00:00:00.00" personId="{1}" id="{2}"><text>` + secret + `</text></threadedComment></ThreadedComments>`},
	{"person who comments", "xl/persons/person.xml", `<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="Jane" id="{1}" userId="` + secret + `" providerId="AD"/></personList>`},
	{"name of a person who comments", "xl/persons/person.xml", `<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="` + secret + `" id="{1}" userId="S::1" providerId="AD"/></personList>`},
	{"creator", "docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>` + secret + `</dc:creator></cp:coreProperties>`},
	{"company", "docProps/app.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>` + secret + `</Company></Properties>`},
	{"custom property", "docProps/custom.xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{1}" pid="2" name="Owner"><vt:lpwstr>` + secret + `</vt:lpwstr></property></Properties>`},
	{"custom XML", "customXml/item1.xml", `<list><entry mail="` + secret + `"/></list>`},
	{"custom XML text", "customXml/item1.xml", `<list><entry>` + secret + `</entry></list>`},
	{"chart's cache", "xl/charts/chart1.xml", `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:strRef><c:f>Sheet1!$A$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>` + secret + `</c:v></c:pt></c:strCache></c:strRef></c:chartSpace>`},
	{"chart's title", "xl/charts/chart1.xml", `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" ` + drawingNamespace + `><c:title><a:p><a:r><a:rPr lang="en"/><a:t>jane.doe@</a:t></a:r><a:r><a:t>example.org</a:t></a:r></a:p></c:title></c:chartSpace>`},
	{"chart in the newer form", "xl/charts/chartEx1.xml", `<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"><cx:strDim><cx:lvl ptCount="1"><cx:pt idx="0">` + secret + `</cx:pt></cx:lvl></cx:strDim></cx:chartSpace>`},
	{"external link's cache", "xl/externalLinks/externalLink1.xml", `<externalLink ` + mainNamespace + `><externalBook><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>` + secret + `</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>`},
	{"VML text", "xl/drawings/vmlDrawing1.vml", `<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><div style="text-align:left"><font>jane.doe</font><font>@example.org</font></div></v:textbox></v:shape></xml>`},
	{"text box", "xl/drawings/drawing1.xml", `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" ` + drawingNamespace + `><xdr:txBody><a:p><a:r><a:t>jane.doe</a:t></a:r><a:r><a:rPr b="1"/><a:t>@example.org</a:t></a:r></a:p></xdr:txBody></xdr:wsDr>`},
	{"picture's description", "xl/drawings/drawing1.xml", `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"><xdr:cNvPr id="2" name="Picture 1" descr="` + secret + `"/></xdr:wsDr>`},
	{"SmartArt", "xl/diagrams/data1.xml", `<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" ` + drawingNamespace + `><dgm:t><a:p><a:r><a:t>` + secret + `</a:t></a:r></a:p></dgm:t></dgm:dataModel>`},
	{"pivot's shared items", "xl/pivotCache/pivotCacheDefinition1.xml", `<pivotCacheDefinition ` + mainNamespace + `><cacheFields><cacheField name="Email"><sharedItems><s v="` + secret + `"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>`},
	{"pivot's record", "xl/pivotCache/pivotCacheRecords1.xml", `<pivotCacheRecords ` + mainNamespace + `><r><x v="0"/><s v="` + secret + `"/></r></pivotCacheRecords>`},
	{"pivot's caption", "xl/pivotTables/pivotTable1.xml", `<pivotTableDefinition ` + mainNamespace + `><pivotFields><pivotField><items><item n="` + secret + `"/></items></pivotField></pivotFields></pivotTableDefinition>`},
	{"slicer's cache", "xl/slicerCaches/slicerCache1.xml", `<slicerCacheDefinition xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><data><i n="` + secret + `"/></data></slicerCacheDefinition>`},
	{"table's column", "xl/tables/table1.xml", `<table ` + mainNamespace + ` id="1" displayName="T"><tableColumns><tableColumn id="1" name="` + secret + `"/></tableColumns></table>`},
	{"table's total", "xl/tables/table1.xml", `<table ` + mainNamespace + ` id="1" displayName="T"><tableColumns><tableColumn id="1" name="A" totalsRowLabel="` + secret + `"/></tableColumns></table>`},
	{"connection", "xl/connections.xml", `<connections ` + mainNamespace + `><connection id="1" name="c"><dbPr connection="user=` + secret + `" command="SELECT 1"/></connection></connections>`},
	{"target of a link", "xl/worksheets/_rels/sheet1.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="t" Target="mailto:` + secret + `" TargetMode="External"/></Relationships>`},
	{"tooltip of a link", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><hyperlinks><hyperlink ref="A1" location="B2" tooltip="` + secret + `" display="d"/></hyperlinks></worksheet>`},
	{"choices of a validation", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><dataValidations><dataValidation sqref="A1" type="list"><formula1>"a,` + secret + `"</formula1></dataValidation></dataValidations></worksheet>`},
	{"prompt of a validation", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><dataValidations><dataValidation sqref="A1" prompt="` + secret + `"/></dataValidations></worksheet>`},
	{"conditional format", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><conditionalFormatting sqref="A1"><cfRule type="expression"><formula>A1="` + secret + `"</formula></cfRule></conditionalFormatting></worksheet>`},
	{"text of a conditional format", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><conditionalFormatting sqref="A1"><cfRule type="containsText" text="` + secret + `"/></conditionalFormatting></worksheet>`},
	{"filter", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><autoFilter ref="A1:A2"><filterColumn colId="0"><filters><filter val="` + secret + `"/></filters></filterColumn></autoFilter></worksheet>`},
	{"scenario", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><scenarios><scenario name="s" user="` + secret + `"><inputCells r="A1" val="1"/></scenario></scenarios></worksheet>`},
	{"input of a scenario", "xl/worksheets/sheet2.xml", `<worksheet ` + mainNamespace + `><sheetData/><scenarios><scenario name="s"><inputCells r="A1" val="` + secret + `"/></scenario></scenarios></worksheet>`},
	{"revision", "xl/revisions/revisionLog1.xml", `<revisions ` + mainNamespace + `><rcc rId="1" sId="1"><oc r="A1" t="inlineStr"><is><t>` + secret + `</t></is></oc></rcc></revisions>`},
	{"user of a shared workbook", "xl/revisions/userNames.xml", `<users ` + mainNamespace + `><userInfo guid="{1}" name="` + secret + `" id="1"/></users>`},
	{"cells of a macro sheet", "xl/macrosheets/sheet2.xml", `<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" ` + mainNamespace + `><sheetData><row r="1"><c r="A1" t="str"><v>` + secret + `</v></c></row></sheetData></xm:macrosheet>`},
	{"a part that nothing refers to", "left/behind.xml", `<worksheet ` + mainNamespace + `><sheetData><row r="1"><c r="A1" t="str"><v>` + secret + `</v></c></row></sheetData></worksheet>`},
}

// plantedBooks are workbooks that hold the secret in what the workbook part says.
var plantedBooks = map[string]string{
	"defined name":            `<definedNames><definedName name="Contact">"` + secret + `"</definedName></definedNames>`,
	"comment of a name":       `<definedNames><definedName name="Contact" comment="` + secret + `">1</definedName></definedNames>`,
	"user who reserved it":    `<fileSharing userName="` + secret + `"/>`,
	"address it was saved at": `<absPath url="/home/` + secret + `/"/>`,
}

// TestPlantedValues finds a value wherever in a workbook it stands, and removes it from there.
func TestPlantedValues(t *testing.T) {
	check := func(what string, body []byte) {
		t.Helper()
		all, _, status, reason := readWorkbookBytes(t, body)
		if status != rules.Complete || !strings.Contains(all.text.String(), secret) {
			t.Errorf("%s: not found (%v, %v) in %q", what, status, reason, all.text.String())
			return
		}
		out, parts := redactedParts(t, body, rules.XLSX)
		for name, text := range parts {
			if strings.Contains(text, secret) || strings.Contains(text, "jane.doe") || strings.Contains(text, "@example.org") {
				t.Errorf("%s: %s still holds the value: %s", what, name, text)
			}
		}
		if _, _, status, reason := readWorkbookBytes(t, out); status != rules.Complete {
			t.Errorf("%s: redacted, it is %v because %v", what, status, reason)
		}
	}
	for _, p := range plantedParts {
		check(p.what, workbookOf(t, `<row r="1"><c r="A1"><v>1</v></c></row>`, "", member{p.part, p.content}))
	}
	for what, content := range plantedBooks {
		book := strings.Replace(workbookXML, "</workbook>", content+"</workbook>", 1)
		check(what, zipOf(t, member{"[Content_Types].xml", workbookTypes}, member{"_rels/.rels", packageRels}, member{"xl/workbook.xml", book},
			member{"xl/_rels/workbook.xml.rels", workbookRels}, member{"xl/worksheets/sheet1.xml", sheetHead + sheetTail}))
	}
	hidden := strings.Replace(workbookXML, `name="People"`, `name="People" state="veryHidden"`, 1)
	check("hidden sheet", zipOf(t, member{"[Content_Types].xml", workbookTypes}, member{"_rels/.rels", packageRels}, member{"xl/workbook.xml", hidden},
		member{"xl/_rels/workbook.xml.rels", workbookRels}, member{"xl/worksheets/sheet1.xml", sheetHead + `<row r="1" hidden="1"><c r="A1" t="str"><v>` + secret + `</v></c></row>` + sheetTail}))
}

// TestPlantedObject finds a value in a file that is embedded in a workbook.
func TestPlantedObject(t *testing.T) {
	inner := workbookOf(t, `<row r="1"><c r="A1" t="str"><v>`+secret+`</v></c></row>`, "")
	for _, object := range []member{{"xl/embeddings/Microsoft_Excel_Sheet1.xlsx", string(inner)}, {"xl/embeddings/oleObject1.bin", string(compoundOf(compoundPart{"", "package", inner}))}} {
		r := readBody(t, workbookOf(t, "", "", object), "book.xlsx", Limits{})
		if r.status != rules.Complete || !bytes.Contains(r.text, []byte(secret)) {
			t.Errorf("%s: not found (%v, %v)", object.name, r.status, r.reason)
		}
	}
}
