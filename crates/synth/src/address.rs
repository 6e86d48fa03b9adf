//! Residences, mailing addresses and telephone numbers that belong to nobody.

use std::fmt;

use crate::places::Place;
use crate::profile::Profile;
use crate::rng::Rng;
use crate::text::Text;

const FIRST_WORDS: [&str; 40] = [
    "Oak",
    "Maple",
    "Willow",
    "Cedar",
    "Juniper",
    "Aspen",
    "Birch",
    "Pine",
    "Sage",
    "Canyon",
    "Eagle",
    "Hawk",
    "Elk",
    "Deer",
    "Fox",
    "Red",
    "Silver",
    "Copper",
    "Stone",
    "River",
    "Lake",
    "Meadow",
    "Orchard",
    "Cherry",
    "Apple",
    "Sunset",
    "Sunrise",
    "Valley",
    "Mountain",
    "Prairie",
    "Spring",
    "Autumn",
    "Winter",
    "North",
    "West",
    "Old Mill",
    "Pioneer",
    "Heritage",
    "Foothill",
    "Cottonwood",
];
const SECOND_WORDS: [&str; 24] = [
    "Hollow", "Ridge", "Creek", "View", "Grove", "Meadow", "Park", "Crest", "Field", "Brook", "Glen", "Point",
    "Spring", "Run", "Bend", "Hill", "Bluff", "Haven", "Vista", "Field", "Crossing", "Landing", "Gate", "Wood",
];
const SINGLE_WORDS: [&str; 24] = [
    "Main",
    "Center",
    "State",
    "Church",
    "Park",
    "Washington",
    "Jefferson",
    "Lincoln",
    "Madison",
    "University",
    "College",
    "Mill",
    "Market",
    "Union",
    "Franklin",
    "Jackson",
    "Highland",
    "Walnut",
    "Elm",
    "Locust",
    "Chestnut",
    "Spruce",
    "Center",
    "Depot",
];
const STREET_TYPES: [&str; 9] = ["St", "Ave", "Dr", "Ln", "Cir", "Way", "Rd", "Ct", "Blvd"];
const UNIT_LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// Where a household lives.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// The house's number.
    pub(crate) number: u32,
    /// What follows the number, such as `1/2`.
    pub(crate) number_suffix: &'static str,
    /// The direction before the street.
    pub(crate) before: &'static str,
    /// The street's name or its number on the grid.
    pub(crate) street: Text,
    /// The direction after the street.
    pub(crate) after: &'static str,
    /// The kind of street, such as `Ave`.
    pub(crate) kind: &'static str,
    /// The kind of unit, such as `Apt`.
    pub(crate) unit_type: &'static str,
    /// The unit.
    pub(crate) unit: Text,
}

impl Home {
    /// Draws a residence.
    pub(crate) fn draw(profile: &Profile, rng: &mut Rng) -> Self {
        let has_unit = rng.per_mille(150);
        let (unit_type, unit) = if has_unit { draw_unit(rng) } else { ("", Text::EMPTY) };
        let number_suffix = if rng.per_mille(12) { rng.word(&["1/2", "A", "B", "REAR"]) } else { "" };
        if rng.per_mille(profile.grid_per_mille) {
            // On the grid a house on an east-west street has a number north or south, and the other way round.
            let (before, after) = if rng.per_mille(500) { (["N", "S"], ["E", "W"]) } else { (["E", "W"], ["N", "S"]) };
            let street = if rng.per_mille(800) { 100 * rng.between(1, 99) } else { 10 * rng.between(11, 989) };
            return Self {
                number: rng.between(2, 9_900),
                number_suffix,
                before: rng.word(&before),
                street: Text::Numbered("", street),
                after: rng.word(&after),
                kind: "",
                unit_type,
                unit,
            };
        }
        let street = if rng.per_mille(250) {
            Text::Word(rng.word(&SINGLE_WORDS))
        } else {
            Text::Joined(rng.word(&FIRST_WORDS), " ", rng.word(&SECOND_WORDS))
        };
        let before = if rng.per_mille(350) { rng.word(&["N", "S", "E", "W"]) } else { "" };
        let kind = rng.word(&STREET_TYPES);
        let number = rng.between(2, 9_900);
        // Drawn last, and only where streets are so named, so that the rolls of other states stay as they are.
        let is_directed = profile.directed_per_mille > 0 && rng.per_mille(profile.directed_per_mille);
        let after = if is_directed { rng.word(&["N", "S", "E", "W", "NW", "SE"]) } else { "" };
        Self { number, number_suffix, before, street, after, kind, unit_type, unit }
    }
}

/// In one line, as states write it that keep the address in one column: with a run of spaces before and after.
impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<5}", self.number)?;
        for word in [self.number_suffix, self.before] {
            if !word.is_empty() {
                write!(f, " {word}")?;
            }
        }
        write!(f, " {}", self.street)?;
        for word in [self.kind, self.after, self.unit_type] {
            if !word.is_empty() {
                write!(f, " {word}")?;
            }
        }
        if self.unit_type.is_empty() { f.write_str("  ") } else { write!(f, " {}  ", self.unit) }
    }
}

fn draw_unit(rng: &mut Rng) -> (&'static str, Text) {
    let kind = rng.word(&["Apt", "Apt", "Unit", "Trlr", "#"]);
    let unit = if rng.per_mille(600) {
        Text::Numbered("", rng.between(1, 420))
    } else {
        Text::Numbered(rng.word(&UNIT_LETTERS), rng.between(1, 30))
    };
    (kind, unit)
}

/// Where mail goes when not to the residence.
#[derive(Debug, Clone)]
pub(crate) struct Mailing {
    /// The first line.
    pub(crate) line: Text,
    /// The city, or the military post office.
    pub(crate) city: &'static str,
    /// The state, or the military region; empty abroad.
    pub(crate) state: &'static str,
    /// The ZIP code; empty abroad.
    pub(crate) zip: Text,
    /// The country, when abroad.
    pub(crate) country: &'static str,
}

impl Mailing {
    /// A post office box in the city of residence.
    pub(crate) fn box_at(profile: &Profile, place: &Place, rng: &mut Rng) -> Self {
        let line = Text::Numbered(rng.word(&["PO Box ", "PO Box ", "P O Box "]), rng.between(1, 9_999));
        Self::at(profile, place, line)
    }

    /// Any first line in the city of residence.
    pub(crate) fn at(profile: &Profile, place: &Place, line: Text) -> Self {
        Self { line, city: place.city, state: profile.code, zip: Text::Word(place.zip), country: "" }
    }

    /// An army or air force (`APO`), fleet (`FPO`) or diplomatic (`DPO`) post office.
    pub(crate) fn military(office: &'static str, rng: &mut Rng) -> Self {
        let (state, zip) = rng.one_of(&[("AE", 90), ("AP", 962), ("AA", 340)]).unwrap_or(("AE", 90));
        let line = match office {
            "FPO" => format!("Unit {} Box {}", rng.between(10_000, 99_999), rng.between(1, 999)),
            _ => format!("PSC {} Box {}", rng.between(1, 999), rng.between(1, 9_999)),
        };
        let zip =
            if zip == 90 { format!("09{:03}", rng.between(3, 899)) } else { format!("{zip}{:02}", rng.between(1, 99)) };
        Self { line: Text::own(line), city: office, state, zip: Text::own(zip), country: "" }
    }

    /// A civil address abroad.
    pub(crate) fn abroad(rng: &mut Rng) -> Self {
        let (street, city, country) = rng
            .one_of(&[
                ("Calle del Ejemplo ", "Madrid", "Spain"),
                ("Rue du Modele ", "Lyon", "France"),
                ("Musterstrasse ", "Bremen", "Germany"),
                ("Example Road ", "Leeds", "United Kingdom"),
                ("Avenida Exemplo ", "Recife", "Brazil"),
            ])
            .unwrap_or(("", "", ""));
        Self { line: Text::Numbered(street, rng.between(1, 240)), city, state: "", zip: Text::EMPTY, country }
    }
}

/// A telephone number of the range kept for fiction, 555-0100 to 555-0199.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phone {
    /// The last two digits.
    pub(crate) line: u32,
}

impl Phone {
    /// Draws a number; two thirds of registrants leave one.
    pub(crate) fn draw(rng: &mut Rng) -> Option<Self> {
        rng.per_mille(660).then(|| Self { line: rng.below(100) })
    }
}
