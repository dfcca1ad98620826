//! INSEE codes of départements.

use publish::department;

#[test]
fn a_commune_lies_in_the_departement_of_its_code() {
    for (insee, wanted) in [
        ("01001", Some("01")),
        ("2A004", Some("2A")),
        ("2B033", Some("2B")),
        ("97105", Some("971")),
        ("98818", Some("988")),
        ("20004", None),
        ("96001", None),
        ("979", None),
        ("1001", None),
        ("750567", None),
        ("7505é", None),
        ("2a004", None),
    ] {
        assert_eq!(department::of_commune(insee), wanted, "{insee}");
    }
}

#[test]
fn codes_are_in_order_and_each_has_one_name() {
    assert!(department::ALL.is_sorted_by(|before, after| before.0 < after.0));
    let mut names: Vec<&str> = department::ALL.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|before, after| before < after), "{names:?}");
    assert_eq!((department::name("33"), department::name("20")), (Some("Gironde"), None));
}
