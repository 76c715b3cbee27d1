package detect

import "strings"

// nameLists hold the hashes of frequent names, without case and accents.
type nameLists struct {
	given, family map[uint32]bool
}

// knownNames reads the lists below.
func knownNames() nameLists {
	return nameLists{given: hashNames(givenNames), family: hashNames(familyNames)}
}

func hashNames(list string) map[uint32]bool {
	names := map[uint32]bool{}
	for _, name := range strings.Fields(list) {
		if w, ok := nextWord([]byte(name), 0, len(name)); ok {
			names[w.hash] = true
		}
	}
	return names
}

// givenNames are frequent given names of Europe, the Americas and beyond: ONS and NRS (United Kingdom), SSA (United States), INSEE
// (France), Destatis and GfdS (Germany), INE (Spain), ISTAT (Italy), INE (Portugal), CBS (Netherlands), SSB, SCB, DST, DVV (Nordic
// countries), GUS (Poland), KSH (Hungary), and transliterated names of the Slavic, Arabic, Turkish, Indian and East Asian world.
const givenNames = `
aaron abigail adam adrian aidan alan albert alex alexander alexandra alfie alfred alice alison amanda amber amelia amy andrea andrew angela angus anita ann anna anne anthony archie arthur ashley
audrey austin ava barbara barry beatrice becky benjamin bernard beth betty beverly blake bradley brandon brenda brian bridget bruce bryan caitlin callum cameron carl carol caroline
carolyn catherine cathy charles charlie charlotte chelsea cheryl chloe chris christian christina christine christopher claire clara colin connor courtney craig cynthia daisy dale damian daniel
danielle darren david dawn dean deborah debra denise dennis derek diana diane dominic donald donna doris dorothy douglas duncan dylan edgar edith edward edwin eileen elaine eleanor elena eliza
elizabeth ella ellen ellie elliot elsie emily emma eric erica erin ernest ethan eugene eva evan evelyn evie finley fiona florence frances francis frank frederick freya gareth gary gavin
gemma geoffrey george georgia gerald geraldine gillian gina gladys glen gloria gordon graham grant greg gregory gwen hannah harold harriet harry harvey hazel heather helen henry holly
howard hugh hugo ian imogen irene iris isaac isabel isabella isla ivan jack jackie jacob jacqueline jade jake james jamie jane janet janice jasmine jason jean jeff jeffrey jenna jennifer jenny jeremy
jerry jesse jessica jill jim jimmy joan joanna joanne joe joel john johnny jonathan jordan jose joseph josephine josh joshua joyce juan judith judy julia julian julie june justin karen kate
katherine kathleen kathryn katie keith kelly kelsey ken kenneth kerry kevin kieran kimberly kirsty kyle larry laura lauren laurence lawrence leah lee leo leon leonard leslie lewis liam lily linda lindsay
lisa liz logan lois lola lorraine louis louise lucas lucy luke lydia lynn mabel madeleine madison malcolm marcus margaret maria marian marie marilyn marion marjorie mark martha martin marvin
mary mason matilda matthew maureen max maya megan melanie melissa melvin mia michael michelle miles mildred millie molly monica morgan muriel nancy naomi natalie natasha nathan nathaniel neil nicholas nick
nicola nicole nigel noah noel nora norma norman oliver olivia oscar owen paige pamela patricia patrick paul paula pauline penny peter philip phillip phoebe phyllis poppy rachel ralph randy raymond rebecca
reginald rhys richard rita robert robin rodney roger roland ronald rosalind rosemary rosie ross roy ruby rupert russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sebastian
shane shannon sharon shaun sheila shelley shirley sidney simon sophia sophie stacey stanley stephanie stephen steve steven stewart stuart sue susan suzanne sylvia tamara tammy tanya teresa terry thelma theodore
theresa thomas tiffany timothy tina toby todd tom tony tracey tracy travis trevor tyler valerie vanessa vera veronica vicky victor victoria vincent viola violet virginia vivian walter wanda warren wayne wendy
william wilma yvonne zachary zoe
alain alexandre amelie anais antoine arnaud aurelie bastien benoit bertrand camille cecile cedric celine chantal christelle christophe claude clement corinne cyril damien delphine didier dominique
edouard elise elodie emmanuel emilie estelle etienne fabien fabrice florian francois francoise frederic gabriel gaelle genevieve gerard gilles guillaume guy helene herve henri isabelle jacques jerome jocelyne
julien juliette karine laetitia laurent leonie lionel loic luc ludovic manon marc marcel marine mathieu mathilde maxime michel mireille monique muriel nadine nathalie nicolas odile olivier pascal
patrice philippe pierre quentin raphael regis remi renaud rene romain sandrine sebastien serge severine simone sylvain sylvie therese thibault thierry valentin veronique virginie xavier yannick yves
andreas anja anke anton astrid axel bernd birgit brigitte carsten christa christoph claudia daniela detlef dieter dirk eckhard elfriede elke erich erika ernst eva felix franz friedrich fritz
gerhard gertrud gisela gunther hans hannelore heike heinrich heinz helga helmut herbert hermann hildegard holger horst ilse inge ingrid irmgard jan jens joachim jochen johann johannes jorg josef jurgen jutta
karin karl karsten katharina katja katrin klaus kurt lena lothar lukas lutz manfred manuela marco marion markus marlene martina mathias matthias meike monika nadja nina norbert olaf otto petra peter rainer
ralf regina reiner reinhard renate rolf rosemarie rudiger rudolf sabine silke silvia sigrid simone sonja stefan stefanie steffen susanne sven tanja theresia thorsten tobias torsten udo ulrich ulrike ursula ute
uwe volker werner wilhelm wolfgang
alberto alejandra alejandro alfonso alicia alvaro amparo ana angel angeles antonia antonio beatriz blanca carlos carmen catalina cesar clara concepcion consuelo cristina cristobal diego dolores
eduardo emilio encarnacion enrique ernesto esperanza esteban eugenia eva felipe fernando francisca francisco gonzalo guadalupe guillermo gustavo hector ignacio ines isabel ismael javier jesus joaquin jorge
josefa juana julio lucia luis luisa manuel manuela marcos mariana mario marta mercedes miguel milagros montserrat natalia nieves nuria pablo paloma paz pedro pilar rafael ramiro ramon raquel raul ricardo
roberto rocio rodrigo rosa rosario ruben salvador santiago sergio silvia sofia soledad susana teresa tomas vicente victoria ximena yolanda
adriana alessandra alessandro alessia alessio angelo antonella aurora barbara bianca bruno camilla carla carlo caterina cecilia chiara cinzia claudio cristian cristiano dario davide debora domenico
donatella elena eleonora elisa elisabetta emanuele enrico enzo ettore fabio fabrizio federica federico filippo flavia flavio francesca francesco franco gabriele gabriella giacomo gianluca gianni giorgia giorgio
giovanna giovanni giuliano giulia giuseppe giuseppina gloria grazia greta ilaria jacopo laura leonardo letizia lorena lorenzo luca luciana luciano luigi maddalena marcello marina martina massimiliano massimo matteo mattia
maurizio mauro mirko monica nicolo ornella paola paolo patrizia piero pietro raffaele renato riccardo rinaldo roberta rocco rosanna salvatore samuele sandro sara serena sergio silvana simona stefania stefano
tiziana tommaso ugo umberto valentina valeria vincenzo vito vittorio
afonso amalia andreia armando artur bernardo bruna caio carolina catarina celia daniela danilo diogo duarte eduarda fatima filipa filipe flavia gilberto goncalo helder helena henrique igor inacio joao joana
jaime julieta larissa leandro leticia livia lourenco luana luiz madalena mafalda manuela marcelo marcia margarida mariana mateus mauricio miguel murilo nelson nuno otavio patricia paulo rafaela renata rita rui sandra sara
simao sonia susana tania thiago tiago vasco vitor vinicius
aaltje adriaan annelies anouk arjan bart bas bram cees christiaan cornelia cornelis daan dirk edwin els emiel esther femke floor floris fleur frans geert gerrit gijs hanneke hendrik henk ilse ingeborg jaap jacobus
jeroen jelle joost joris joke koen lars lieke lotte maarten maaike mark marieke marijke marloes martijn mieke niels noor pieter renske rik rob roos ruben ruud saskia sander sanne sjoerd stijn sven thijs tess tim tineke
ton wouter willem wim yara
agnes agneta anders annika arne arvid asbjorn astrid bengt birgitta bjorn bo carina dag einar elin ellinor elsa emil erik eskil espen eva finn fredrik frida geir gerd greta gudrun gunnar gunilla gustav hakan halldor halvor hanne harald hakon hedda
helge henrik hilde ida inga ingeborg inger ingvar jakob jens jesper johan jon jonas jorgen jorunn kaj kari karl kasper katrine kerstin kirsten kjell knud kristian kristin kristina kristoffer lars lasse leif lennart linnea liv lone mads magne magnus
maja malin marit mats merete mette mikael mikkel morten nils odd olaf ole olof ove pal par per peder pia poul ragnar rasmus runar rune signe sigrid sigurd silje siri sissel sofie solveig soren stefania sten stian stine svein sven tage thea
thor thorbjorn tomas tor torben tore torstein tove trine trond troels tuva ulf unni vibeke vidar viggo yngve aino antti eero eeva eino elina emilia esa hanna hannu heikki ilkka jaakko janne jari johanna juha juhani jukka kaisa kalle kari katri
kirsi lauri leena maija marja marjatta matti mika mikko minna niina olli outi paavo päivi pekka pirjo reijo riikka riitta ritva sami sari satu seija sirpa tapio tarja teemu timo tuomas tuula veikko ville
agnieszka aleksandra aleksander alicja andrzej aneta artur barbara bartosz beata bogdan boguslaw bozena czeslaw danuta dariusz dorota edyta elzbieta ewa ewelina filip grazyna grzegorz halina hanna henryk irena iwona
izabela jacek jadwiga jakub janina janusz jaroslaw jerzy joanna jolanta justyna kacper kamil karolina katarzyna kazimierz kinga krystyna krzysztof leszek lidia lucja lukasz maciej magdalena malgorzata marcin marek maria mariusz
marta marzena mateusz michal mieczyslaw milosz miroslaw monika natalia oliwia patrycja pawel piotr przemyslaw radoslaw rafal renata robert roman ryszard sebastian slawomir stanislaw stefan sylwia szymon tadeusz teresa tomasz
urszula wanda wieslaw wiktor witold wladyslaw wojciech zbigniew zdzislaw zofia zuzanna
adela alena alzbeta anezka bohumil bozena dagmar dana daniela denisa dusan eliska frantisek hana ivana ivo jana jarmila jaroslav jindrich jirina jiri josef kamila karel katerina kveta ladislav lenka libuse lubomir lucie ludmila marcela marketa marie
martin michal milada milan milena miloslav miroslav monika olga ondrej pavel pavla petr radek radka roman simona stanislav stepan tereza tomas vaclav vera veronika vladimir vlasta vojtech zdenek zuzana andrej branislav igor juraj jozef lubos marian
marek matus peter rastislav stefan tibor vladimir zora
agota andras anett anna arpad attila balazs bela bence csaba csanad csilla denes dora edit emese eniko eszter eva ferenc gabor gaspar gergely geza gyorgy gyula ibolya ildiko imre istvan ivett janos jozsef judit julianna katalin krisztina krisztian laszlo levente
lajos magdolna margit maria marton mate melinda miklos monika nikolett noemi norbert orsolya otto piroska reka robert sandor sarolta szabolcs szilvia tamas tibor timea tunde viktor viktoria zoltan zsofia zsolt zsuzsanna
adrian alexandru alina ana andreea andrei bogdan catalin constantin corina cosmin cristian daniela dan diana doina dorin dumitru elena emil florin gabriela george gheorghe ioan ioana ion ionut iulian laura liviu lucian madalina marian mariana marius mihaela mihai
mircea mirela monica nicolae oana ovidiu radu raluca razvan roxana sorin stefan tudor vasile violeta vlad
ante anica barica biserka bojan bozidar branka branko danijela darko davor dejan dragan dragana drago dubravka dusan edvin goran gordana igor iva ivana ivanka ivica jadranka jagoda jasna jelena josip jovan kata katarina kresimir ksenija ljiljana ljubica luka
maja marija marijana mario marko mateja matija mihaela mile milan milena milica mira mirjana miroslav mladen nada natasa nebojsa nemanja nenad nevenka nikola nina petar predrag radmila ruza sanja sasa senka slavica slavko slobodan snezana srecko stjepan suzana
tatjana tihomir tomislav vesna vedran vjekoslav vlado vojislav zdravko zeljko zlatko zoran zorica zrinka
aleksandr aleksei alexei alexey alla anastasia anatoly andrei andrey anton arkady arkadi artem artyom boris daria denis dmitri dmitriy dmitry ekaterina elizaveta evgeni evgenia evgeny fyodor galina gennady georgy gleb igor ilya inessa inna irina katya kirill konstantin ksenia lev lidiya
ludmila lyubov lyudmila makar maksim marina marisa mikhail nadezhda natalia natalya nikita nikolai nina oksana oleg olga pavel polina raisa roman rostislav ruslan sergei sergey stanislav svetlana tamara tatiana tatyana timur ulyana vadim valentin valentina valery
varvara vasily vera veronika viktor viktoria vitaly vladimir vladislav vyacheslav yana yaroslav yegor yelena yulia yuri zinaida briana
abdul abdullah adnan ahmed ahmad aisha ali alia amina amir amira ammar anwar asma ayesha bashir bilal faisal farah farid fatima fatma habib hadi hafsa hakim hamid hamza hana hasan hassan hussain hussein ibrahim idris imran ismail jamal jamila karim khadija khaled khalid khalil
laila latifa layla mahmoud mahmud malik mariam maryam mohamed mohammad mohammed muhammad mona munir mustafa nabil nadia naima nasser noor nour omar osama rachid rahim rania rashid saad said salim salma samir samira sana sara shabana tariq umar usman waleed yasin yasmin youssef yusuf zahra zainab
ahmet ayse burak can cem deniz ebru elif emine emre fatih fatma gokhan hakan halil hatice huseyin kadir kemal leyla mehmet meryem murat mustafa nuray omer osman ozlem selin serkan sevgi sinan suleyman tolga ugur volkan yasemin yusuf zehra zeynep
aarav abhishek aditi aditya ajay akash amit amrita ananya anil anita anjali ankit anushka arjun aruna arvind asha ashok bharat deepak deepika devika dinesh divya gaurav geeta harish isha jaya jyoti kamal karan kavita kiran krishna kumar lakshmi lalita madhuri mahesh manish manoj meena
mohan mukesh nandini naveen neha nikhil nisha nitin pooja pradeep prakash pranav prasad priya rahul raj rajesh rajiv rakesh ramesh rani ravi rekha rohan rohit sandeep sangeeta sanjay sanjeev santosh sarita savita seema shankar sharmila shiv shreya shweta sita sneha sonal srinivas sudha sumit sunil
sunita suresh sushma swati tanvi tarun uma usha vandana varun vidya vijay vikas vikram vinay vinod vishal yash
akira asuka ayaka ayumi chie daichi daisuke eiji emi etsuko fumiko haruka haruki haruto hideki hina hiroki hiroko hiroshi hitomi kaori kazuko kazuya keiko kenji kenta kyoko mai makoto mariko masaki masako masato mayumi megumi michiko midori mika misaki miyuki naoki naoko naomi noriko osamu
reiko rina ryo ryota sachiko sakura satoshi sayaka shigeru shinji shota takahiro takashi takeshi takuya taro tatsuya tetsuya tomoko toshiko tsubasa yasuko yoko yoshiko yui yuka yuki yukiko yuko yumi yuta
chen fang feng guang hao hong hui jian jing jun lei lin ling mei ming na ning peng qiang qing rong ting wei wen xia xiang xiaoming xin xiu yan yang ying yong yun zhen zhi jihoon jiwoo minjun minseo seoyeon sunghoon youngsoo anh dung hoa huong linh nguyen phuong thuy tuan
adebayo adeola amara chidi chinedu chioma emeka folake funmilayo ifeoma kwame kofi kwesi ama abena akosua ngozi nkechi obinna oluwaseun olumide temitope tunde uche yaw zola sipho thabo nomvula lerato mandla nomsa wanjiku kamau njoroge achieng otieno
abel abraham addison agatha aileen aisling alaina alana albin aleah alec alfredo alisa alisha alissa allan allison alonzo althea alton alvin alyssa amaya amos andres angelica angelina angie annabel annabelle annette
annie ariana arianna arnold arturo asher ashlee ashleigh ashlyn aubrey audra augustus belinda bella ben bennett benny bernadette bernice bert bertha bessie bethany beulah beverley billy bob bobby bonnie boyd brad brady
brandi brandy brayden breanna brendan brett brianna brittany brittney brody bronwyn bryant bryce byron caleb camila candace candice cara carlton carly carole carrie carson cassandra cassie cecil celina chad charlene
christie christy clarence clarissa claudette clayton clifford clint clinton clyde cody colby cole colleen conor constance cora corey cornelius cory curtis damon daphne darcy darla darlene darnell darrell darryl daryl
davis deana deanna deirdre delaney delbert delia della delores demetrius dena derrick desiree devin dianna dianne doreen doug duane dustin dwayne dwight eddie edmund edna edwina effie elaina elbert elias elijah elinor
elisabeth elisha elliott eloise elton elva elvira emanuel emerson emery emmett enid ernestine ervin esmeralda essie estela ethel etta eunice everett felicia florine floyd forrest francine frankie fred freda freddie
gabrielle garrett garry georgina gerry gertrude glenda glenn glenna grady gracie gretchen griffin gwendolyn hadley hailey haley hallie harlan harrison hattie hayden hayley heidi herman hilary hilda hillary hollie homer
horace hubert irma irvin irving isaiah isiah issac jaclyn jacky jalen janelle janette janie janine jared jarrod jarvis jayden jaylen jayne jeanette jeanne jeannie jeannine jefferson jerald jeremiah jermaine jess jessie
joann jocelyn jodi jodie jody johnathan johnnie jolene jonah josefina josiah josie juanita judah judd jules juliana julianne juliet julius kaitlin kaitlyn kaleb kali kara kareem karina karla karyn kasey kassandra katelyn
kathie kathy katy katrina kayden kayla kayleigh kaylee keira kelley kellie kendall kendra kendrick kenny keri kermit kerri kimberley kira kirk krista kristen kristi kristie kristine kristy kylie kyra lana latasha latisha
latoya laurie lavern laverne lavonne leona leonora leroy lesley lester letitia lila lilian lillian lillie lina linette lindsey lisette liza lizzie lonnie loretta lori lottie louella lucille lucinda luther lynda lynette
lynne mackenzie macy maddison madge maggie mallory mara marcella margarita margie margo marguerite mari mariah maribel marisol marissa marjory marla marlon marsha marshall marty marva maryann maryellen marylou mathew
matt maura maurice maxine maxwell mckenzie meagan meghan meredith micah micheal mike millicent milton mindy minerva minnie miranda miriam mitchell moira mollie moses myra myrna myron myrtle nannette nathanial ned nell
nellie nettie nichole nikki noelle nolan nona noreen odette ofelia ophelia pam patsy patti patty paulette payton peggy peyton phil philippa phillipa polly priscilla quincy quinn rachael rae raelene ramona randal randolph
reba reece reggie rena renee reuben reyna rhett rhoda rhonda rick rickey ricky riley robbie robyn rochelle roderick rodolfo rogelio rolando ronda ronnie roosevelt rory rosalie rosalyn rosanne rosella rosetta roslyn
rowena roxanne rudolph rudy rufus ryder sabrina sadie sammy samson sasha saul sawyer scarlett selena selma seth seymour shana shania shari sharlene sheena sheldon shelia sheri sherman sherri sherrie sherry sheryl
shirlene silas sondra sonya stella stephan stephany sybil sylvester tabitha talia tamika tara tasha tatum ted teri terence terrance terrell terrence terri tessa thaddeus theodora thomasina tiana timmy tommy toni tonia
tonya tori tracie tricia trina tristan twila tyrone tyson valarie vaughn velma verna vernon vicki vickie vilma vivienne wallace wendell wilbert wilbur wilfred willa willard willie winifred winona wyatt yesenia yvette
zachariah zane zara zelda zena zoey adelina agathe alfons annegret antje armin bernhard bodo britta claus dietmar eberhard edeltraud egon elmar erwin franziska friedhelm gabi gerda gerlinde gernot gunter hartmut hedwig
heiko heiner henning ilona ingo juergen kai karlheinz kathrin klara konrad ludwig margarete margot marianne marlies marlis mechthild oskar ottmar reinhold roswitha siegfried sieglinde swen traute ursel uschi walburga
waltraud wenzel wilfried winfried adolfo araceli ascension asuncion begona candela carmelo domingo enriqueta estefania eusebio ezequiel fermin gerardo graciela gregorio hernan hipolito inmaculada ignacia isidro jacinto
jacobo jeronimo joaquina jordi macarena marcelino mariano maximo natividad noelia octavio pascual patricio purificacion rosalia teodoro trinidad ambra antonino assunta benedetta carmela carmine concetta corrado cosimo
daniele edoardo emanuela ermanno filomena franca gaetano giada giancarlo gilda gino giuliana giulio graziella guido immacolata lamberto loredana luigia margherita mariangela michela michele mirella nicoletta nunzia
orazio ottavio pasquale pierluigi raffaella renzo romano rosalba rosaria rossella ruggero silvano susanna valerio vincenza vittoria viviana
`

// familyNames are frequent surnames of the same countries and offices.
const familyNames = `
smith jones williams taylor brown davies evans wilson thomas johnson roberts robinson thompson wright walker white edwards hughes green hall lewis harris clarke patel jackson wood turner martin cooper hill ward morris
moore clark lee king baker harrison morgan allen james scott phillips watson davis parker price bennett young griffiths mitchell kelly cook carter richardson bailey collins bell shaw murphy miller cox richards khan marshall
anderson simpson ellis adams singh begum wilkinson foster chapman powell webb rogers gray mason ali hunt hussain campbell matthews owen palmer holmes mills barnes knight lloyd butler russell barker fisher stevens jenkins murray
dixon harvey graham pearson ahmed fletcher walsh kaur gibson howard andrews stewart elliott reynolds saunders payne fox ford pearce day brooks west lawrence cole atkinson bradley spencer gill dawson watts burton obrien
garcia rodriguez hernandez martinez lopez gonzalez perez sanchez ramirez cruz flores gomez torres rivera ortiz gutierrez chavez ramos ruiz alvarez mendoza vasquez castillo jimenez moreno romero herrera medina aguilar vargas
castro guzman mendez fernandez munoz salazar soto delgado pena rios alvarado sandoval contreras valdez guerrero estrada ortega nunez maldonado dominguez santiago espinoza vega molina campos navarro serrano blanco suarez iglesias
nguyen tran pham le hoang phan kim park choi jung kang cho yoon jang lim wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin gao luo zheng liang xie song tang deng han feng yu dong xiao cheng cao
sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura shimizu hayashi saito fukuda fukunaga mori abe ikeda hashimoto ishikawa
muller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer koch bauer richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange schmitt werner krause meier lehmann
schmid schulze maier kohler herrmann konig walter mayer huber kaiser fuchs peters lang scholz moller weiss jung hahn schubert vogel friedrich keller gunther frank berger winkler roth beck lorenz baumann franke albrecht wirtz
martin bernard dubois robert petit durand leroy moreau simon laurent lefebvre michel garcia david bertrand roux vincent fournier morel girard andre lefevre mercier dupont lambert bonnet francois martinez legrand garnier faure
rousseau blanc guerin muller henry roussel nicolas perrin morin mathieu clement gauthier dumont lopez fontaine chevalier robin masson bouvier
rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti deluca mancini costa giordano rizzo lombardi moretti barbieri fontana santoro mariani rinaldi caruso ferrara galli martini leone longo
gentile martinelli vitale lombardo serra coppola desantis dangelo marchetti parisi villa conte ferraro ferri fabbri bianco marini grasso valentini palermo napolitano
silva santos ferreira pereira oliveira costa rodrigues martins jesus sousa fernandes goncalves gomes lopes marques alves almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes soares vieira monteiro cardoso rocha
azevedo barros cavalcanti dias cunha araujo barbosa lima melo souza nascimento
dejong jansen devries vandenberg bakker vandijk visser janssen smit meijer deboer mulder degroot bos vos peters hendriks vanleeuwen dekker brouwer dewit dijkstra smits degraaf vandermeer kok jacobs vermeulen schouten willems
hansen johansen olsen larsen andersen pedersen nilsen kristiansen jensen karlsen johnsen pettersen eriksen berg haugen hagen johannessen andreassen jacobsen dahl jorgensen halvorsen lund sorensen jakobsen moen gundersen iversen
nielsen christensen rasmussen petersen madsen kristensen olsen thomsen christiansen poulsen johansen knudsen mortensen moller holm andreasen mikaelsen josefsen arntsen svendsen jessen
andersson johansson karlsson nilsson eriksson larsson olsson persson svensson gustafsson pettersson jonsson jansson hansson bengtsson jonsson lindberg jakobsson magnusson olofsson lindstrom lindqvist lindgren berglund fredriksson
sandberg henriksson forsberg sjoberg wallin engstrom eklund danielsson lundin hakansson bjork bergman holm astrom lundberg lundgren korhonen virtanen makinen nieminen makela hamalainen laine heikkinen koskinen jarvinen lehtonen
lehtinen saarinen salminen heinonen niemi heikkila salonen kinnunen turunen salo laitinen tuominen rantanen karjalainen jokinen mattila savolainen lahtinen ahonen ryhanen pesala
nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak dabrowski kozlowski jankowski mazur kwiatkowski krawczyk kaczmarek piotrowski grabowski zajac pawlowski michalski krol wieczorek jablonski
wrobel nowakowski majewski olszewski stepien malinowski jaworski adamczyk dudek nowicki pawlak gorski witkowski walczak sikora baran rutkowski michalak szewczyk ostrowski tomaszewski pietrzak zalewski wroblewski
novak svoboda novotny dvorak cerny prochazka kucera vesely horak nemec pokorny pospisil hajek jelinek kral ruzicka benes fiala sedlak dolezal zeman kolar navratil cermak vanek urban blazek kriz
nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp takacs juhasz lakatos meszaros olah simon racz fekete szilagyi torok feher balazs gal kis szucs kelemen
popescu ionescu popa pop radu dumitru stan stoica gheorghe matei ciobanu rusu constantin lazar dinu ilie florea
horvat kovacevic babic maric juric novak kovacic knezevic vukovic markovic petrovic matic tomic pavlovic kovac bozic blazevic grgic pavic radic peric filipovic saric lovric vidovic perkovic jankovic popovic nikolic jovanovic stojanovic
ilic djordjevic milosevic basic ivancic cosic svec
ivanov ivanova petrov petrova sidorov smirnov smirnova kuznetsov kuznetsova popov popova sokolov sokolova lebedev kozlov novikov morozov volkov solovyov vasilyev vassiliev zaytsev pavlov semyonov golubev vinogradov bogdanov vorobyov fyodorov mikhailov
belyaev tarasov belov komarov orlov kiselyov makarov andreev kovalev ilyin gusev titov kuzmin kudryavtsev baranov kulikov alekseev stepanov yakovlev sorokin sergeev romanov zakharov borisov korolev gerasimov bulgakov shevchenko kovalenko bondarenko tkachenko
kravchenko abramov
sharma gupta verma kumar mehta joshi reddy nair iyer rao das chatterjee banerjee mukherjee bose ghosh shah desai naidu pillai menon chopra kapoor malhotra agarwal bhatt trivedi mishra pandey yadav chaudhary sinha saxena
hassan ibrahim mohamed abdullah rahman hossain chowdhury malik sheikh qureshi siddiqui iqbal butt mahmood aziz yilmaz kaya demir celik sahin yildiz yildirim ozturk aydin ozdemir arslan dogan kilic aslan cetin kara koc kurt ozkan
okafor okonkwo adeyemi okoye eze balogun mensah owusu boateng asante osei nkosi dlamini zulu naidoo botha vandermerwe pretorius kruger mutua mwangi ochieng otieno
oconnor osullivan byrne ryan oneill oreilly doyle mccarthy gallagher doherty kennedy lynch mcdonald macdonald macleod mackenzie mckenzie sinclair ferguson fraser cameron mcgregor burns wallace paterson duncan hamilton
abbott acevedo acosta adkins aguirre albert alexander alford alston anthony arnold ashley avila ayala ayers bacon baird baldwin ballard barlow barnett barr barrera barrett barron barry bartlett barton bates baxter beard
beasley benjamin benson bentley berry blackburn blackwell blair blake blankenship blevins bolton bonner boone booth bowen bowman boyd boyer boyle bradford bradshaw brady brandt brennan brewer briggs britt browning bruce
bryan bryant buchanan buckley buckner bullock burch burgess burke burks burnett burris burt byers byrd cabrera cain calderon caldwell calhoun callahan camacho cannon cantrell cantu cardenas carey carlson carney carr
carrillo carroll carson castaneda chan chandler chaney chang charles clayton clements cleveland cobb cochran cohen coleman conley conner conrad copeland cortez craig crawford crosby cummings cunningham curry curtis
dalton daniel daniels daugherty davenport davidson decker dennis dickerson dickson dillard dillon dodson donaldson donovan dorsey dotson douglas dudley duffy dunlap dunn duran durham dyer eaton edmonds elliot emerson
erickson espinosa estes everett ewing farley farrell faulkner ferrell figueroa finley fitzgerald fitzpatrick fleming floyd flynn foley forbes francis franco franks frazier frederick freeman frye fuentes fuller fulton
gaines galloway garner garrett garrison garza george gibbs giles gillespie gilliam gilmore glenn glover goodman goodwin greene greer griffin grimes guerra guthrie hale haley hammond hampton haney hanson hardin harding
hardy harmon harrell harrington hartman hawkins hayden hayes haynes hebert henderson hendricks hendrix hensley henson herman herring hess hester hewitt hickman hicks higgins hines hodges hoffman hogan holcomb holden
holloway holman holt hoover hopkins horne horton howe howell hubbard huff huffman humphrey hurley hutchinson hyde irwin jacobson jarvis jefferson jennings johns johnston joseph juarez kane keith kelley kemp kerr kirby
kirk kirkland kline knowles knox kramer lancaster larson lawson leach leblanc leon leonard lester levine levy lindsay lindsey livingston lowery lucas lynn lyons macias madden maddox manning marsh mathews mathis maxwell
maynard mcbride mccall mccarty mcclain mcclure mcconnell mccormick mccoy mccray mccullough mcdaniel mcdowell mcfadden mcfarland mcgee mcgowan mcguire mcintosh mcintyre mckay mckee mckinney mcknight mclaughlin mclean
mcleod mcmahon mcmillan mcneil mcpherson melendez melton mercado merrill meyers michael middleton montoya morales moran morrison morse morton moses mosley mueller mullen mullins murillo myers neal newman newton nichols
nicholson nixon noel nolan norton odom odonnell oneal osborn osborne pacheco padilla parrish parsons patterson patton paul peck pennington perkins peterson petty phelps pittman pratt pruitt pugh quinn randolph ratliff
raymond reese reeves reilly reyes rhodes richard riddle riggs riley rivas robbins robertson robles rodgers rodriquez rosa rosales rosario ross rowe rowland rutledge salas salinas sampson sanders sanford santana sargent
sawyer schroeder schultz schwartz sexton shaffer shannon shelton shepard sherman simmons smalls snyder solis solomon sosa spence stafford stanley stanton steele stephens stephenson stevenson stokes strickland stuart
sullivan sutton swanson sweeney sykes talley tate terrell thornton tillman todd townsend travis trujillo tyson valenzuela vaughan vaughn velasquez velez villarreal vinson walters watkins weaver welch wheeler whitaker
whitehead whitfield whitley wiggins wilder wilkerson wilkins william williamson willis witt wolfe woodard woodward wooten wyatt wynn yates zamora zimmerman abrams appleby armitage bannister blythe bradbury brookes
broughton buckland burrows cartwright chadwick coates crompton cropper crowther dalby denton dobson dunne eastwood entwistle fairhurst farrow fitzroy frith gillies goddard godfrey goodall grundy haigh halliday hartley
haworth heaton hepworth heywood hinchliffe hirst hobson holroyd hodgson hornby horsfall hutton illingworth jardine kershaw lomax mcallister mcarthur mcbain mcculloch mcewan mcfarlane mcgill mcgrath mcguinness mcinnes
mckenna mclachlan mcnally mcneill mcqueen metcalfe moffat munro naylor ogden ormerod pilkington rawlings rigby rowlands shuttleworth smythe stirling sutcliffe tattersall thackeray thwaite tolley trevelyan tweddle
walmsley wardle whittaker whitworth wilcock wilkes winstanley wragg arnaud aubert barbier benoit bertin blanchard boucher bourgeois brun carpentier charpentier collet colin couturier deschamps dufour dumas dupuis etienne
fabre fleury gaillard gautier gerard giraud guillaume guillot hubert huet humbert jacquet joly lacroix lecomte leclerc leclercq lemaire lemoine leroux marchal maillard marechal meunier monnier perret picard pichon
poirier prevost renard renaud renault riviere rolland royer rey vasseur vidal adamski bachmann bergmann bohm busch dietrich dressler ebert eichler engel ernst ewald forster freitag fritz gerlach heinrich hering hermann
heuer hildebrandt hirsch jager jakob kaufmann kessler kirchner kuhn kunz lindner ludwig mayr moritz muhlbauer naumann pfeiffer pohl reinhardt ritter schreiber schuster seidel steiner ullrich voigt vogt walther weidner
wendt wirth ziegler zimmer
`
