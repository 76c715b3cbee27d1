package detect

// qualifiers only tell one identifier from another of its kind. In a header, or between a label and its value, they are passed over.
var qualifiers = []string{
	"a", "an", "the", "of", "for", "is", "are", "was", "its", "it", "s", "my", "your", "his", "her", "their", "our", "at", "on", "to",
	"no", "nr", "num", "number", "numero", "numer", "nummer", "nro", "id", "ids", "code", "value", "text", "field", "string", "str",
	"home", "work", "office", "business", "private", "personal", "daytime", "evening", "day", "main", "primary", "secondary", "other",
	"current", "previous", "permanent", "first", "second", "alternative", "alternate", "preferred", "new", "old", "full", "valid",
	"patient", "applicant", "candidate", "customer", "client", "employee", "member", "user", "student", "pupil", "contact", "person",
	"holder", "owner", "guest", "passenger", "subscriber", "insured", "claimant", "donor", "recipient", "sender", "doctor", "trainee",
	"cust", "emp", "billing", "shipping", "delivery", "emergency", "next", "kin", "parent", "guardian", "spouse", "partner",
	"required", "optional", "if", "known", "any", "and", "or", "de", "du", "des", "la", "le", "el", "da", "do", "der", "die", "das", "den",
	"del", "della", "di", "und", "et", "y", "e", "o", "in", "as", "be", "with", "registered", "called", "following", "this", "that", "here", "issued", "belongs",
	"titular", "cliente", "paciente", "empleado", "usuario", "solicitante", "alumno", "aluno", "estudiante", "trabajador", "beneficiario",
	"funcionario", "assuré", "salarié", "élève", "candidat", "patiente", "kunde", "kunden", "patienten", "mitarbeiter", "antragsteller",
	"versicherten", "dipendente", "paziente", "assistito", "klant", "medewerker", "ou", "oder", "oppure",
}

// unrelated head columns of numbers and codes that are nobody's identifier, or stand before them.
var unrelated = []string{
	"order", "order number", "order id", "order reference", "invoice", "invoice number", "isbn", "issn", "ean", "upc", "gtin", "doi", "sku", "product code",
	"product id", "product number", "part number", "item number", "article number", "serial", "serial number", "version", "release", "build",
	"revision", "commit", "hash", "sha", "md5", "checksum", "digest", "uuid", "guid", "etag", "bug", "issue", "ticket", "case number",
	"rfc", "cve", "page", "line", "chapter", "section", "table", "figure", "step", "port", "pid", "process id", "thread", "size", "length", "bytes",
	"offset", "width", "height", "count", "total", "sum", "amount", "price", "cost", "quantity", "qty", "balance", "duration", "elapsed",
	"timestamp", "epoch", "time", "created at", "updated at", "modified", "expires", "date", "year", "population", "area", "tracking number",
	"transaction id", "request id", "trace id", "span id", "session id", "message id", "batch", "batch number", "lot number", "reference number",
	"magnitude", "depth", "elevation", "score", "rating", "rank", "ratio", "percent", "average", "mean", "median", "sequence", "index", "key",
	"month", "updated", "created", "reset", "start", "end", "latitude", "longitude", "lat", "lng", "lon", "altitude", "distance", "node id", "parent id", "group id", "hex",
	"weight", "volume", "temperature", "rate", "points", "vertices", "path", "color", "colour", "bestellnummer", "rechnungsnummer", "artikelnummer",
	"numero de commande", "numero de facture", "numero de pedido", "factura", "ordernummer", "zamowienie",
	"siren", "siret", "regon", "krs", "ičo", "orgnr", "org nr", "organisationsnummer", "organisasjonsnummer", "kvk", "kvk nummer", "cvr",
	"cvr nummer", "y tunnus", "handelsregister", "огрн", "єдрпоу", "employer identification number", "duns", "lei", "isin", "cusip", "sedol",
	"wkn", "iccid", "gln", "sscc", "asin", "mpn", "cas number", "hs code", "barcode", "código de barras", "code article", "código de producto",
	"codice articolo", "código do produto", "артикул", "код товара", "штрихкод", "商品コード", "商品编号", "订单号", "注文番号", "주문번호",
}
