"""Word lists from which the people of the sample databases are put together. No list is taken from real people."""

AKAN_FIRST = (
    "Abena", "Adjoa", "Adwoa", "Afia", "Afua", "Akosua", "Akua", "Ama", "Araba", "Esi", "Efua", "Ekua", "Maame",
    "Serwaa", "Yaa", "Baaba", "Kobina", "Kofi", "Kojo", "Kwabena", "Kwadwo", "Kwaku", "Kwame", "Kwasi", "Kwesi",
    "Nana", "Ebo", "Fiifi", "Papa", "Yaw", "Paa Kwesi", "Nhyira", "Adom", "Nyamekye",
)  # fmt: skip
GHANAIAN_FIRST = (
    *AKAN_FIRST, "Selorm", "Edem", "Dzifa", "Elikem", "Enyonam", "Mawuli", "Sena", "Yayra", "Delali", "Senyo",
    "Naa", "Nii", "Tetteh", "Korkor", "Lartey", "Ayele", "Abdul-Rahman", "Alhassan", "Amina", "Fatima",
    "Hajara", "Ibrahim", "Mariama", "Mumuni", "Rashida", "Sulemana", "Wumpini", "Zakari", "Apiiga", "Atanga",
    "Emmanuel", "Grace", "Gifty", "Comfort", "Patience", "Felix", "Samuel", "Josephine", "Richmond",
    "Priscilla", "Ernest", "Beatrice", "Isaac", "Vida",
)  # fmt: skip
GHANAIAN_LAST = (
    "Mensah", "Boateng", "Owusu", "Osei", "Asante", "Appiah", "Agyeman", "Amoah", "Ansah", "Arthur", "Asamoah",
    "Bonsu", "Darko", "Frimpong", "Gyasi", "Kuffour", "Nkansah", "Ofori", "Opoku", "Oppong", "Sarpong",
    "Tawiah", "Yeboah", "Quaye", "Quaicoe", "Acquah", "Ampofo", "Antwi", "Baidoo", "Donkor", "Essien",
    "Amankwah", "Wiredu", "Adjei", "Addo", "Lamptey", "Nortey", "Odoi", "Tagoe", "Laryea", "Agbeko", "Ametefe",
    "Dogbe", "Gbeho", "Kpodo", "Tsikata", "Amenuvor", "Kwawu", "Abubakari", "Iddrisu", "Mahama", "Yakubu",
    "Fuseini", "Salifu", "Ayariga", "Atinga", "Mensah-Bonsu", "Osei-Tutu", "Addo-Kufuor", "Ofori-Atta",
)  # fmt: skip
INTERNATIONAL_FIRST = (
    "Chinedu", "Ngozi", "Aminata", "Moussa", "Thandiwe", "Wanjiru", "Lerato", "Zoë", "Jürgen", "Mei", "Haruto",
    "Priya", "Rajesh", "Olivia", "Liam", "Sofía", "Mateus", "Chloé", "Séamus", "Anika", "Lars", "Ewa", "Yusuf",
    "Leïla", "Nguyễn",
)  # fmt: skip
INTERNATIONAL_LAST = (
    "Okafor", "Diallo", "Traoré", "Nkosi", "Kamau", "Müller", "Chen", "Tanaka", "Sharma", "Patel", "O'Brien",
    "Smith", "García", "Silva", "Lefèvre", "van der Berg", "Kowalska", "Yılmaz", "Haddad", "Johansson",
    "D'Souza", "Adeyemi",
)  # fmt: skip
CANADIAN_FIRST = (
    "Claire", "Émilie", "Geneviève", "Marc", "Étienne", "Jean-Luc", "Sophie", "Noémie", "Olivier", "Mathieu",
    "Emma", "Liam", "Hannah", "Connor", "Megan", "Tyler", "Harpreet", "Simran", "Gurdeep", "Wei", "Xiu",
    "Aisha", "Omar", "Tala", "Dakota", "Nikita", "Oksana", "Taras", "Jaspreet", "Maria", "José", "Ronan",
    "Isla", "Callum", "Nadia", "Yasmin",
)  # fmt: skip
CANADIAN_LAST = (
    "Tremblay", "Gagnon", "Roy", "Côté", "Bouchard", "Gauthier", "Lévesque", "Fortin", "MacDonald", "Campbell",
    "Fraser", "Morrison", "Singh", "Gill", "Dhillon", "Wong", "Li", "Nguyen", "Santos", "Reyes", "Kovalchuk",
    "Shevchenko", "Cardinal", "Bellegarde", "Friesen", "Thiessen", "O'Neill", "Haddad", "Khan", "Ahmed",
    "Wilson", "Thompson", "Beaulieu", "Pelletier",
)  # fmt: skip

GHANAIAN_PLACES = (
    # city, streets, prefix of the digital address
    ("Accra", ("Spintex Road", "Oxford Street", "Liberation Road", "Ring Road East", "Boundary Road"), "GA"),
    ("Kumasi", ("Prempeh II Street", "Harper Road", "Bantama High Street", "Lake Road"), "AK"),
    ("Tema", ("Hospital Road", "Community 9 Road", "Harbour Road"), "GT"),
    ("Takoradi", ("Liberation Road", "Axim Road", "Market Circle"), "WS"),
    ("Tamale", ("Bolgatanga Road", "Gumbihini Road", "Hospital Road"), "NT"),
    ("Cape Coast", ("Commercial Street", "Jackson Street", "Kotokuraba Road"), "CC"),
    ("Ho", ("Civic Centre Road", "Dome Street"), "VH"),
    ("Koforidua", ("Oguaa Road", "Nsukwao Street"), "EN"),
    ("Sunyani", ("Berekum Road", "Fiapre Road"), "BS"),
)
CANADIAN_PLACES = (
    # city, province, first three characters of the postal code, area code
    ("Calgary", "AB", "T2P", "403"),
    ("Edmonton", "AB", "T5J", "780"),
    ("Vancouver", "BC", "V6B", "604"),
    ("Victoria", "BC", "V8W", "250"),
    ("Kelowna", "BC", "V1Y", "778"),
    ("Saskatoon", "SK", "S7K", "306"),
    ("Winnipeg", "MB", "R3C", "204"),
    ("Toronto", "ON", "M5H", "416"),
    ("Mississauga", "ON", "L5B", "905"),
    ("Ottawa", "ON", "K1P", "613"),
    ("London", "ON", "N6A", "519"),
    ("Montréal", "QC", "H3B", "514"),
    ("Québec", "QC", "G1R", "418"),
    ("Gatineau", "QC", "J8X", "819"),
    ("Fredericton", "NB", "E3B", "506"),
    ("Halifax", "NS", "B3J", "902"),
    ("St. John's", "NL", "A1C", "709"),
    ("Laval", "QC", "H7S", "450"),
    ("Hamilton", "ON", "L8P", "289"),
    ("Barrie", "ON", "L4M", "705"),
    ("Burnaby", "BC", "V5H", "236"),
)
CANADIAN_STREETS = (
    "Main Street", "King Street West", "Rue Saint-Denis", "Jasper Avenue", "Granville Street", "Water Street",
)  # fmt: skip

BUSINESS_FIRST = (
    "Adom", "Sankofa", "Akwaaba", "Volta", "Kakum", "Asaase", "Nkwa", "Golden Stool", "Harmattan", "Cedi",
    "Baobab", "Odum", "Kente", "Savannah", "Labadi", "Nyame Adom", "Sika", "Ashanti Gate", "Coastline",
    "Black Star",
)  # fmt: skip
BUSINESS_LAST = (
    "Logistics", "Foods", "Timber", "Pharmacy", "Textiles", "Construction", "Farms", "Solar", "Travel", "Printing",
    "Academy", "Clinic", "Motors", "Fisheries", "Catering", "Consult",
)  # fmt: skip
