// Package oracle holds the tests that compare stanch's readers of spreadsheets, and what its redaction writes, with programs
// that others wrote: excelize for XLSX, and LibreOffice for every format where it is installed and STANCH_E2E=1 asks for it.
//
// It has no code of its own, and is in the tools' module so that the product does not depend on an oracle.
package oracle
