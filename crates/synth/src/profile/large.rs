//! The largest states beside North Carolina.
//!
//! Shares of parties and statuses are of the order seen in the states' published statistics of 2024, groups those of
//! the adult population in the 2020 census, rounded. Numbers of districts are those after 2020.

use terms::Ground;

use super::{Ids, Mark, PLAIN, Profile, party, planted, published, standing};
use crate::places::Division;
use crate::planting::{Case, Planting, Span};

/// Years in which the present programs were in force.
const PROGRAM: Span = Span { from: (2016, 1, 1), to: (2024, 5, 1) };
/// Years of a protection that lapses after four.
const LAST_YEARS: Span = Span { from: (2021, 1, 1), to: (2024, 5, 1) };

static ADDRESS_PROGRAM: [Planting; 2] = [
    planted(Case::Protected(&[Ground::AddressConfidentiality], PROGRAM), 1, 2),
    planted(Case::Lapsed(Ground::AddressConfidentiality), 1, 20),
];

static DOMESTIC_VIOLENCE: [Planting; 2] = [
    planted(Case::Protected(&[Ground::DomesticViolence], PROGRAM), 1, 2),
    planted(Case::Lapsed(Ground::DomesticViolence), 1, 20),
];

static CALIFORNIA: [Planting; 5] = [
    planted(Case::Protected(&[Ground::AddressConfidentiality], PROGRAM), 1, 2),
    planted(Case::Protected(&[Ground::ProtectiveOrder], PROGRAM), 1, 5),
    planted(Case::Protected(&[Ground::LawEnforcement], PROGRAM), 1, 5),
    planted(Case::Protected(&[Ground::PublicFigure], PROGRAM), 1, 20),
    planted(Case::Lapsed(Ground::ProtectiveOrder), 1, 20),
];

static FLORIDA: [Planting; 6] = [
    planted(Case::Protected(&[Ground::LawEnforcement], PROGRAM), 2, 1),
    planted(Case::Protected(&[Ground::Judge], PROGRAM), 1, 10),
    planted(Case::Protected(&[Ground::Occupation], PROGRAM), 1, 2),
    planted(Case::ProtectedHousehold(Ground::LawEnforcement, PROGRAM), 1, 2),
    planted(Case::Protected(&[Ground::PrivateByRequest], PROGRAM), 1, 4),
    planted(Case::Lapsed(Ground::Occupation), 1, 20),
];

static GEORGIA: [Planting; 3] = [
    planted(Case::Protected(&[Ground::DomesticViolence], LAST_YEARS), 1, 2),
    planted(Case::Protected(&[Ground::ProtectiveOrder], LAST_YEARS), 1, 4),
    planted(Case::Lapsed(Ground::ProtectiveOrder), 1, 20),
];

static TEXAS: [Planting; 5] = [
    planted(Case::Protected(&[Ground::Judge], PROGRAM), 1, 5),
    planted(Case::Protected(&[Ground::LawEnforcement], PROGRAM), 1, 2),
    planted(Case::Protected(&[Ground::DomesticViolence], PROGRAM), 1, 4),
    planted(Case::Protected(&[Ground::AddressConfidentiality], PROGRAM), 1, 4),
    planted(Case::Lapsed(Ground::DomesticViolence), 1, 20),
];

pub(super) static LARGE: [Profile; 9] = [
    Profile {
        code: "OH",
        places: include_str!("../../data/oh_places.csv"),
        elections: include_str!("../../data/oh_elections.csv"),
        parties: &[(party("", ""), 7_300), (party("R", "REPUBLICAN"), 1_640), (party("D", "DEMOCRATIC"), 1_060)],
        groups: [79, 12, 3, 4],
        districts: &[
            ("districts.congressional", Division::State(15)),
            ("districts.state_house", Division::State(99)),
            ("districts.state_senate", Division::State(33)),
            ("districts.state_board_of_education", Division::State(11)),
            ("districts.appeals_court", Division::State(12)),
            ("districts.county_court", Division::CountyName),
            ("districts.education_service_center", Division::CountyName),
            ("districts.municipal_court", Division::CityName),
            ("districts.city", Division::CityName),
            ("districts.city_school", Division::CityName),
            ("districts.library", Division::CityName),
            ("districts.career_center", Division::CountyName),
            ("districts.ward", Division::City(6)),
        ],
        protections: &ADDRESS_PROGRAM,
        canary_grounds: &[Ground::AddressConfidentiality],
        primaries: &["R", "D"],
        is_in_capitals: true,
        ids: Ids::Padded("OH", 10),
        ..PLAIN
    },
    Profile {
        code: "FL",
        places: include_str!("../../data/fl_places.csv"),
        elections: include_str!("../../data/fl_elections.csv"),
        parties: &[
            (party("REP", "Republican Party of Florida"), 3_860),
            (party("DEM", "Florida Democratic Party"), 3_180),
            (party("NPA", "No Party Affiliation"), 2_600),
            (party("IND", "Independent Party of Florida"), 270),
            (party("LPF", "Libertarian Party of Florida"), 30),
            (party("GRE", "Green Party of Florida"), 10),
        ],
        groups: [54, 15, 3, 27],
        districts: &[
            ("districts.congressional", Division::State(28)),
            ("districts.state_house", Division::State(120)),
            ("districts.state_senate", Division::State(40)),
            ("districts.county_commission", Division::County(5)),
            ("districts.school", Division::County(5)),
        ],
        protections: &FLORIDA,
        // LAW: a participant of the address confidentiality program is not in the list at all; the exempt stand there with
        // masks, which an invented record cannot have.
        canary_grounds: &[Ground::AddressConfidentiality, Ground::PrivateByRequest],
        masks_protected: true,
        primaries: &["REP", "DEM"],
        files: ["", "Statewide_H_*"],
        ..PLAIN
    },
    Profile {
        code: "GA",
        places: include_str!("../../data/ga_places.csv"),
        elections: include_str!("../../data/ga_elections.csv"),
        parties: &[
            (party("REPUBLICAN", "REPUBLICAN"), 3_900),
            (party("DEMOCRAT", "DEMOCRAT"), 3_800),
            (party("NON-PARTISAN", "NON-PARTISAN"), 2_300),
        ],
        groups: [52, 31, 5, 9],
        statuses: &[
            (standing("active", "", ""), 880),
            (standing("inactive", "NO CONTACT", ""), 70),
            (standing("inactive", "NCOA", ""), 40),
            (standing("pending", "CITIZENSHIP", ""), 10),
        ],
        districts: &[
            ("districts.congressional", Division::State(14)),
            ("districts.state_senate", Division::State(56)),
            ("districts.state_house", Division::State(180)),
            ("districts.judicial", Division::CountyName),
            ("districts.county_commission", Division::County(5)),
            ("districts.school", Division::County(7)),
            ("districts.city_council", Division::City(6)),
            ("districts.municipal", Division::CityName),
        ],
        protections: &GEORGIA,
        // LAW: closed is the residence alone, and only for four years.
        canary_grounds: &[Ground::DomesticViolence, Ground::ProtectiveOrder],
        canary_marks: &[Mark::Home],
        canary_is_recent: true,
        race_words: ["White", "Black", "Asian/Pacific Islander", "Hispanic/Latino"],
        primaries: &["REPUBLICAN", "DEMOCRAT"],
        is_in_capitals: true,
        ids: Ids::Padded("", 8),
        files: ["Statewide_Voter_List_*", "Statewide_Voter_History_*"],
        ..PLAIN
    },
    Profile {
        code: "TX",
        places: include_str!("../../data/tx_places.csv"),
        elections: include_str!("../../data/tx_elections.csv"),
        parties: &[(party("REP", "REPUBLICAN"), 5_400), (party("DEM", "DEMOCRATIC"), 4_600)],
        groups: [43, 13, 6, 36],
        districts: &[("districts.congressional", Division::State(38))],
        protections: &TEXAS,
        // LAW: closed is the residence alone.
        canary_grounds: &[
            Ground::Judge,
            Ground::LawEnforcement,
            Ground::DomesticViolence,
            Ground::AddressConfidentiality,
        ],
        canary_marks: &[Mark::Home],
        primaries: &["REP", "DEM"],
        is_in_capitals: true,
        ids: Ids::Padded("1", 9),
        files: ["TX_STATEWIDE_*", ""],
        ..PLAIN
    },
    Profile {
        code: "NY",
        places: include_str!("../../data/ny_places.csv"),
        elections: include_str!("../../data/ny_elections.csv"),
        parties: &[
            (party("DEM", "DEMOCRATIC"), 4_900),
            (party("BLK", "BLANK"), 2_450),
            (party("REP", "REPUBLICAN"), 2_200),
            (party("OTH", "INDEPENDENCE"), 260),
            (party("CON", "CONSERVATIVE"), 130),
            (party("WOR", "WORKING FAMILIES"), 40),
        ],
        groups: [56, 14, 9, 18],
        statuses: &[
            (standing("active", "", ""), 835),
            (published("active", "AM"), 5),
            (standing("inactive", "CAN'T LOCATE", ""), 80),
            (standing("removed", "MOVED", ""), 50),
            (standing("removed", "DEATH", ""), 30),
        ],
        districts: &[
            ("districts.congressional", Division::State(26)),
            ("districts.state_senate", Division::State(63)),
            ("districts.state_house", Division::State(150)),
            ("districts.county_commission", Division::County(17)),
            ("districts.municipal_name", Division::CityName),
            ("districts.ward", Division::City(9)),
        ],
        protections: &DOMESTIC_VIOLENCE,
        canary_grounds: &[Ground::DomesticViolence, Ground::AddressConfidentiality],
        primaries: &["DEM", "REP"],
        is_in_capitals: true,
        quotes_all: true,
        ids: Ids::Padded("NY", 18),
        ..PLAIN
    },
    Profile {
        code: "MI",
        places: include_str!("../../data/mi_places.csv"),
        elections: include_str!("../../data/mi_elections.csv"),
        groups: [75, 13, 3, 5],
        statuses: &[
            (standing("active", "", ""), 860),
            (standing("inactive", "RESIDENCY VERIFICATION", ""), 130),
            (standing("removed", "DECEASED", ""), 10),
        ],
        districts: &[
            ("districts.congressional", Division::State(13)),
            ("districts.congressional_name", Division::Named("US CONGRESS DISTRICT ", 13)),
            ("districts.state_house", Division::State(110)),
            ("districts.state_house_name", Division::Named("STATE HOUSE DISTRICT ", 110)),
            ("districts.state_senate", Division::State(38)),
            ("districts.state_senate_name", Division::Named("STATE SENATE DISTRICT ", 38)),
            ("districts.county_commission", Division::County(9)),
            ("districts.municipal", Division::CityCode),
            ("districts.municipal_name", Division::CityName),
            ("districts.school", Division::CityCode),
            ("districts.school_name", Division::CityName),
            ("districts.ward", Division::City(7)),
        ],
        protections: &ADDRESS_PROGRAM,
        // LAW: closed is the residence alone, and nothing before the address program began.
        canary_grounds: &[Ground::AddressConfidentiality],
        canary_marks: &[Mark::Home],
        is_in_capitals: true,
        files: ["EntireStateVoters", "EntireStateVoterHistory"],
        ..PLAIN
    },
    Profile {
        code: "NJ",
        places: include_str!("../../data/nj_places.csv"),
        elections: include_str!("../../data/nj_elections.csv"),
        parties: &[
            (party("Democratic", "Democratic"), 3_830),
            (party("Unaffiliated", "Unaffiliated"), 3_650),
            (party("Republican", "Republican"), 2_380),
            (party("Libertarian Party", "Libertarian Party"), 40),
            (party("Green Party", "Green Party"), 20),
        ],
        groups: [55, 13, 10, 20],
        statuses: &[
            (published("active", "Active"), 870),
            (published("active", "Active Need ID"), 25),
            (published("active", "Active-Federal Election Only"), 5),
            (published("inactive", "Inactive Confirmation"), 85),
            (published("inactive", "Inactive Confirmation-Need ID"), 5),
            (published("pending", "Pending"), 10),
        ],
        districts: &[
            ("districts.congressional", Division::State(12)),
            ("districts.legislative", Division::State(40)),
            ("districts.county_commission", Division::County(5)),
            ("districts.municipal", Division::CityName),
            ("districts.school", Division::CityName),
            ("districts.fire", Division::City(3)),
            ("districts.ward", Division::City(5)),
        ],
        protections: &DOMESTIC_VIOLENCE,
        // LAW: closed is the residence alone.
        canary_grounds: &[Ground::DomesticViolence],
        canary_marks: &[Mark::Home],
        primaries: &["Democratic", "Republican"],
        ids: Ids::Padded("N", 10),
        files: ["", "history_statewide_*"],
        ..PLAIN
    },
    Profile {
        code: "CA",
        places: include_str!("../../data/ca_places.csv"),
        elections: include_str!("../../data/ca_elections.csv"),
        parties: &[
            (party("DEM", "Democratic"), 4_630),
            (party("REP", "Republican"), 2_470),
            (party("NPP", "No Party Preference"), 2_190),
            (party("AI", "American Independent"), 380),
            (party("LIB", "Libertarian"), 100),
            (party("PF", "Peace and Freedom"), 60),
            (party("GRN", "Green"), 50),
        ],
        groups: [39, 6, 16, 37],
        // Only active voters are supplied.
        statuses: &[(standing("active", "", ""), 1)],
        districts: &[
            ("districts.congressional", Division::State(52)),
            ("districts.state_senate", Division::State(40)),
            ("districts.state_house", Division::State(80)),
            ("districts.board_of_equalization", Division::State(4)),
            ("districts.county_supervisor", Division::County(5)),
            ("districts.municipal", Division::CityName),
        ],
        protections: &CALIFORNIA,
        // LAW: closed are residence, telephone and e-mail; surname and mailing address are not.
        canary_grounds: &[
            Ground::AddressConfidentiality,
            Ground::ProtectiveOrder,
            Ground::LawEnforcement,
            Ground::Occupation,
        ],
        canary_marks: &[Mark::Home, Mark::Phone, Mark::Email],
        primaries: &["DEM", "REP", "NPP"],
        files: ["statewide-pvrdr-vrd-*", "statewide-pvrdr-vph-*"],
        ..PLAIN
    },
    Profile {
        code: "PA",
        places: include_str!("../../data/pa_places.csv"),
        elections: include_str!("../../data/pa_elections.csv"),
        parties: &[
            (party("D", "DEMOCRATIC"), 4_480),
            (party("R", "REPUBLICAN"), 4_010),
            (party("NF", "NO AFFILIATION"), 1_050),
            (party("I", "INDEPENDENT"), 330),
            (party("LN", "LIBERTARIAN"), 50),
            (party("GR", "GREEN"), 10),
        ],
        groups: [78, 10, 4, 7],
        statuses: &[(standing("active", "", ""), 91), (standing("inactive", "", ""), 9)],
        districts: &[
            ("districts.zone_1", Division::CityCode),
            ("districts.zone_2", Division::State(17)),
            ("districts.zone_3", Division::State(203)),
            ("districts.zone_4", Division::State(50)),
            ("districts.zone_5", Division::County(4)),
            ("districts.zone_6", Division::City(8)),
        ],
        protections: &ADDRESS_PROGRAM,
        // LAW: closed are residence and mailing address.
        canary_grounds: &[Ground::AddressConfidentiality],
        canary_marks: &[Mark::Home, Mark::Mail],
        primaries: &["D", "R"],
        is_in_capitals: true,
        quotes_all: true,
        ids: Ids::WithCounty,
        ..PLAIN
    },
];
