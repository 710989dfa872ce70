//! English, Dutch and German names. The factory of 5,000 people draws from these, so the lists are long.

use super::Lists;

pub(super) const ENGLISH: Lists = Lists {
    women: "Olivia Amelia Isla Ava Emily Sophie Grace Charlotte Hannah Lucy Ruby Freya Alice Harriet Megan Rebecca Laura Rachel Sarah \
        Joanne Karen Helen Claire Nicola Fiona Siobhan Niamh Aoife Margaret Patricia Susan Deborah Priya Zainab Chloe Bethany",
    men: "Oliver George Harry Noah Jack Leo Arthur Oscar Charlie Thomas James William Joshua Daniel Matthew Andrew Stephen Paul \
        Mark Peter Simon Ian Graham Neil Callum Liam Conor Ewan Rhys Owen Gareth Nigel Adeel Imran Kwame Tobias",
    families: "Ashworth Atkinson Bainbridge Barlow Beckett Bennett Blackwood Bradshaw Brennan Byrne Calloway Carmichael Chadwick Clarke \
        Collins Cooper Crawford Cunningham Daly Dawson Dempsey Donnelly Doyle Duffy Eastwood Ellison Fairclough Farrell Fenwick Fisher \
        Fletcher Foster Gallagher Garside Gibson Greenwood Griffiths Hale Hammond Hargreaves Hartley Haworth Hennessy Holloway Hopkins \
        Hughes Ingham Jarvis Jenkins Kavanagh Keane Kendall Kershaw Lancaster Lowther Lynch Marsden McCarthy McKenna Mercer Middleton \
        Moran Morgan Murphy Nolan Norris O'Brien O'Connor O'Sullivan Okafor Osborne Patel Pemberton Pickering Prescott Quinn Ramsden \
        Redmond Rhodes Robertson Rowntree Ryan Sanderson Shah Sheridan Sinclair Standish Stapleton Sutcliffe Swift Thackeray Thornton \
        Tierney Turner Underwood Vaughan Wainwright Walsh Webster Whelan Whitaker Wilkinson Winstanley Woodhouse Wright Yates",
};

pub(super) const DUTCH: Lists = Lists {
    women: "Emma Tess Sophie Julia Mila Sara Lotte Fleur Sanne Anouk Femke Marieke Ilse Esmée Noor Roos Maud Eline Iris Lieke Saskia \
        Ingrid Anneke Petra Willemijn Hanneke Jolanda Carlijn Renée Tineke Floor Merel",
    men: "Daan Sem Lucas Finn Luuk Thijs Bram Jesse Ruben Sander Jeroen Maarten Pieter Willem Joost Wouter Bas Niels Rutger Hendrik \
        Gijs Koen Stijn Tijmen Casper Diederik Sjoerd Jelle Ewout Martijn Freek Arjen",
    families: "de_Vries Jansen van_den_Berg Bakker van_Dijk Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen \
        Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer van_der_Linden Kok Jacobs de_Haan Vermeulen van_den_Heuvel \
        van_der_Veen van_den_Broek de_Bruijn van_der_Heijden Schouten van_Beek Willems van_Vliet van_de_Ven Hoekstra Maas Verhoeven \
        Koster van_Dam van_der_Wal Prins Blom Huisman Kuipers Postma Veenstra Hofman Wiersma Terpstra Bosman Scholten Zijlstra \
        Groenewegen Kuiper van_Rijn Dijkman Sluiter Boersma Kramer Hermans van_Loon Timmerman Ruiter Noordhof Oosterhuis Westerveld \
        Zuidema Hazelhoff Brandsma Galama Haverkamp IJzerman Kempenaar Lammers Nieuwenhuis Ottens Rozendaal",
};

pub(super) const GERMAN: Lists = Lists {
    women: "Anna Lena Lea Marie Laura Julia Sarah Katharina Johanna Franziska Theresa Sabine Petra Monika Andrea Claudia Susanne Birgit \
        Heike Anke Silke Ulrike Kerstin Annika Svenja Greta Frieda Ida Mathilda Charlotte Jürgine Käthe Bärbel Hannelore Renate \
        Elif Aylin Fatma Milena Jasna Wiebke Antje Gesa Friederike Nele Pia Vanessa Nadine Melanie Stefanie",
    men: "Lukas Leon Finn Paul Jonas Felix Maximilian Moritz Niklas Tobias Sebastian Florian Stefan Andreas Thomas Michael Jürgen Jörg \
        Günther Uwe Dieter Klaus Rainer Bernd Holger Torsten Matthias Markus Christian Dirk Frank Wolfgang Heinz Björn Sören Hauke \
        Mehmet Emre Murat Goran Dragan Kevin Marcel Dominik Fabian Julian Benedikt Korbinian Leopold Ansgar",
    families: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder \
        Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Lehmann Köhler Maier Hermann König Walter \
        Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler \
        Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger \
        Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann \
        Thomas Voigt Sauer Arnold Wolff Pfeiffer Yıldız Kaya Demir Öztürk Aydın Kowalczyk Nowak Petrović Eggenweiler Hüttenrauch \
        Grünwald Lindenthal Oberhauser Steinbrecher Rautenberg Falkenstein Birkenfeld Dornbusch Ehrenreich Kaltenbach",
};
