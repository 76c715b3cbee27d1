package main

import (
	"fmt"
	"strings"
)

// A demoPerson is a made-up applicant. Phones are from the ranges that Ofcom keeps for drama, mail goes to example.org,
// and NHS numbers start with 999, which the NHS keeps for tests.
type demoPerson struct {
	name, email, phone, address, postcode, born, nhs string
	religion, orientation, convictions               string
}

var (
	demoGiven = []string{"Amelia", "Oluwaseun", "Priya", "Thomas", "Mei", "Fatima", "George", "Niamh", "Rhys", "Aleksandra", "Samuel", "Zainab",
		"Charlotte", "Arjun", "Eilidh", "Daniel", "Chidi", "Sofia", "Hamza", "Isobel"}
	demoSurnames = []string{"Whitfield", "Okafor", "Sharma", "Hughes", "Chen", "Rahman", "Ashworth", "Gallagher", "Morgan", "Kowalska", "Adeyemi",
		"Malik", "Pemberton", "Nair", "MacLeod", "Fletcher", "Eze", "Rossi", "Siddiqui", "Thornton"}
	demoStreets     = []string{"Orchard Road", "Station Lane", "Mill Street", "Victoria Terrace", "Church View", "Bramble Close", "Kings Avenue"}
	demoTowns       = []string{"Leeds LS1 4AP", "Bristol BS1 5TR", "Exeter EX4 3SB", "Norwich NR2 1TF", "Cardiff CF10 1EP", "York YO1 7HH"}
	demoReligions   = []string{"Christian", "Muslim", "Hindu", "none", "Jewish", "Sikh", "Buddhist"}
	demoOrientation = []string{"heterosexual", "gay", "bisexual", "prefer not to say", "lesbian"}
	demoConvictions = []string{"none", "none", "none", "speeding 2003", "none"}
)

// demoPersonNumber returns the same person for the same number, and different people for different numbers below 1,000.
func demoPersonNumber(n int) demoPerson {
	given, surname := demoGiven[n%len(demoGiven)], demoSurnames[(n/len(demoGiven)+n)%len(demoSurnames)]
	town := demoTowns[n%len(demoTowns)]
	place := strings.IndexByte(town, ' ')
	return demoPerson{
		name:     given + " " + surname,
		email:    fmt.Sprintf("%s.%s%d@example.org", strings.ToLower(given), strings.ToLower(surname), n),
		phone:    fmt.Sprintf("07700 900%03d", n%1000),
		address:  fmt.Sprintf("%d %s, %s", 1+n%97, demoStreets[n%len(demoStreets)], town[:place]),
		postcode: town[place+1:],
		born:     fmt.Sprintf("%02d/%02d/%d", 1+n%28, 1+n%12, 1975+n%9),
		nhs:      demoNHSNumber(n),
		religion: demoReligions[n%len(demoReligions)], orientation: demoOrientation[n%len(demoOrientation)], convictions: demoConvictions[n%len(demoConvictions)],
	}
}

// demoNHSNumber makes a test number with its check digit (weights 10 to 2, modulus 11).
func demoNHSNumber(n int) string {
	for body := 999000000 + n*10; ; body++ {
		digits, sum := fmt.Sprint(body), 0
		for i := range digits {
			sum += int(digits[i]-'0') * (10 - i)
		}
		if check := (11 - sum%11) % 11; check != 10 {
			return fmt.Sprintf("%s %s %s%d", digits[:3], digits[3:6], digits[6:], check)
		}
	}
}

// demoHeader is the first row of the deanery's list.
var demoHeader = []string{"Name", "Email", "Mobile", "Home address", "Postcode", "Date of birth", "NHS No", "Religion", "Sexual orientation", "Previous convictions"}

func (p demoPerson) row() []string {
	return []string{p.name, p.email, p.phone, p.address, p.postcode, p.born, p.nhs, p.religion, p.orientation, p.convictions}
}
