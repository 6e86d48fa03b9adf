//! Utah and North Carolina.

use terms::Ground;

use super::{Ids, PLAIN, Profile, party, planted, standing};
use crate::places::Division;
use crate::planting::{Case, Planting, Span};

/// The years in which a voter's life or safety was the only ground, up to the as-of date of the roll's own story.
pub(super) const SAFETY_ONLY: Span = Span { from: (2014, 5, 13), to: (2017, 5, 31) };
/// Private by request, before the three classes of 2020: such a record stays wholly private.
const GRANDFATHERED: Span = Span { from: (2018, 5, 8), to: (2020, 5, 11) };
/// Under the three classes, until private and withheld records were reclassified.
const THREE_CLASSES: Span = Span { from: (2020, 5, 12), to: (2026, 3, 1) };
/// The weeks in which clerks decided on at-risk designations.
const RECLASSIFIED: Span = Span { from: (2026, 4, 6), to: (2026, 5, 21) };

/// Every ground that an edition of Utah's law knows; who is private on request only opens on 25 May 2026.
static UTAH_PROTECTIONS: [Planting; 12] = [
    planted(Case::Protected(&[Ground::SafetyRisk], SAFETY_ONLY), 1, 1),
    planted(Case::Protected(&[Ground::SafetyRisk, Ground::PrivateByRequest], GRANDFATHERED), 1, 3),
    planted(Case::Protected(&[Ground::PrivateByRequest], GRANDFATHERED), 4, 1),
    planted(Case::Protected(&[Ground::PrivateByRequest], THREE_CLASSES), 6, 1),
    planted(Case::ProtectedHousehold(Ground::DomesticViolence, THREE_CLASSES), 1, 2),
    planted(Case::Protected(&[Ground::LawEnforcement], THREE_CLASSES), 1, 2),
    planted(Case::Protected(&[Ground::ArmedForces], THREE_CLASSES), 1, 4),
    planted(Case::Protected(&[Ground::PublicFigure], THREE_CLASSES), 1, 10),
    planted(Case::Protected(&[Ground::ProtectiveOrder], THREE_CLASSES), 1, 3),
    planted(Case::ProtectedHousehold(Ground::AtRisk, RECLASSIFIED), 1, 2),
    planted(Case::Protected(&[Ground::DomesticViolence, Ground::AtRisk], RECLASSIFIED), 1, 4),
    planted(Case::Lapsed(Ground::ProtectiveOrder), 1, 5),
];

static NORTH_CAROLINA_PROTECTIONS: [Planting; 2] = [
    planted(Case::Protected(&[Ground::AddressConfidentiality], SAFETY_ONLY), 1, 2),
    planted(Case::Lapsed(Ground::AddressConfidentiality), 1, 20),
];

/// Shares of parties and statuses are of the order seen in the states' published statistics of the as-of year; groups
/// are those of the adult population in the 2020 census, rounded.
pub(super) static STATES: [Profile; 2] = [
    Profile {
        code: "UT",
        places: include_str!("../../data/ut_places.csv"),
        elections: include_str!("../../data/ut_elections.csv"),
        history_years: None,
        as_of: (2017, 6, 1),
        parties: &[
            (party("Republican", "Republican"), 4_650),
            (party("Unaffiliated", "Unaffiliated"), 3_880),
            (party("Democratic", "Democratic"), 1_110),
            (party("Independent American", "Independent American"), 170),
            (party("Libertarian", "Libertarian"), 90),
            (party("Constitution", "Constitution"), 40),
            (party("Green", "Green"), 20),
            (party("Other", "Other"), 40),
        ],
        groups: [83, 1, 4, 12],
        statuses: &[(standing("active", "", ""), 88), (standing("inactive", "", ""), 12)],
        districts: &[
            ("districts.congressional", Division::State(4)),
            ("districts.state_house", Division::State(75)),
            ("districts.state_senate", Division::State(29)),
            ("districts.state_board_of_education", Division::State(15)),
            ("districts.school", Division::County(7)),
            ("districts.county_council", Division::County(5)),
            ("districts.city_council", Division::City(5)),
        ],
        protections: &UTAH_PROTECTIONS,
        canary_grounds: &[Ground::SafetyRisk, Ground::PrivateByRequest, Ground::ProtectiveOrder, Ground::AtRisk],
        precinct_tens: 75,
        grid_per_mille: 600,
        directed_per_mille: 0,
        is_in_capitals: false,
        quotes_all: false,
        files: ["ut_voters", ""],
        ..PLAIN
    },
    Profile {
        code: "NC",
        places: include_str!("../../data/nc_places.csv"),
        elections: include_str!("../../data/nc_elections.csv"),
        history_years: Some(10),
        as_of: (2024, 6, 1),
        parties: &[
            (party("UNA", "UNAFFILIATED"), 3_700),
            (party("DEM", "DEMOCRATIC"), 3_210),
            (party("REP", "REPUBLICAN"), 3_010),
            (party("LIB", "LIBERTARIAN"), 60),
            (party("GRE", "GREEN"), 5),
            (party("CST", "CONSTITUTION"), 5),
        ],
        groups: [68, 22, 3, 7],
        statuses: &[
            (standing("active", "AV", "VERIFIED"), 815),
            (standing("inactive", "IN", "CONFIRMATION NOT RETURNED"), 110),
            (standing("removed", "RD", "DECEASED"), 25),
            (standing("removed", "RM", "REMOVED AFTER 2 FED GENERAL ELECTIONS IN INACTIVE STATUS"), 35),
            (standing("denied", "DU", "VERIFICATION RETURNED UNDELIVERABLE"), 12),
            (standing("temporary", "SM", "MILITARY"), 3),
        ],
        districts: &[
            ("districts.congressional", Division::State(14)),
            ("districts.state_house", Division::State(120)),
            ("districts.state_senate", Division::State(50)),
            ("districts.superior_court", Division::State(48)),
            ("districts.judicial", Division::State(43)),
            ("districts.prosecutorial", Division::State(43)),
            ("districts.county_commission", Division::County(5)),
            ("districts.township", Division::County(6)),
            ("districts.school", Division::County(7)),
            ("districts.ward", Division::City(6)),
            ("districts.municipal", Division::CityName),
            ("districts.municipal_name", Division::CityName),
        ],
        protections: &NORTH_CAROLINA_PROTECTIONS,
        canary_grounds: &[Ground::AddressConfidentiality, Ground::ProtectiveOrder],
        precinct_tens: 270,
        grid_per_mille: 0,
        directed_per_mille: 0,
        is_in_capitals: true,
        quotes_all: true,
        ids: Ids::Letters,
        files: ["ncvoter_Statewide", "ncvhis_Statewide"],
        ..PLAIN
    },
];
