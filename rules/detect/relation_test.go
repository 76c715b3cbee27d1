package detect

import "testing"

func TestRelation(t *testing.T) {
	for _, group := range [][]string{
		{"", "email", "Home e-mail", "Work e-mail", "Email 2", "e-mail address of the patient", "comment", "code", "manage", "personal email"},
		{"mother email", "MotherEmail", "mother_email", "E-Mail der Mutter", "courriel de la mère", "Email (Mother)"},
		{"parent 1 email", "Parent1Email", "parent_1_email", "email of parent 1"},
		{"parent 2 email", "Parent2Email"},
		{"Next of kin email", "nextOfKinEmail"},
		{"co-borrower email", "Co-applicant e-mail", "joint holder email"},
		{"emergency contact email", "Notfall E-Mail"},
	} {
		want := Relation([]byte(group[0]))
		if want >= Relations || (want == 0) != (group[0] == "") {
			t.Errorf("%q has relation %d", group[0], want)
		}
		for _, header := range group {
			if got := Relation([]byte(header)); got != want {
				t.Errorf("%q has relation %d, want %d as %q has", header, got, want, group[0])
			}
		}
	}
	if Relation([]byte("parent 1")) == Relation([]byte("parent 2")) || Relation([]byte("mother")) == Relation([]byte("father")) {
		t.Error("two relations are one")
	}
	if header := []byte("email of parent 7"); testing.AllocsPerRun(10, func() { Relation(header) }) > 0 {
		t.Error("it allocates")
	}
}
