use super::*;
use proptest::prelude::*;

fn listed(hosts: &[u8], host: &str) -> Vec<(usize, u32)> {
    let hosts = Hosts::open(hosts).unwrap();
    hosts.matches(&Key::of(host).unwrap()).map(|found| (found.len, found.value)).collect()
}

#[test]
fn finds_a_host_and_its_parents_longest_first() {
    let packed = pack([("fr", 1), ("gouv.fr", 2), ("impots.gouv.fr", 3), ("g.fr", 4), ("gouv-x.fr", 5)]).unwrap();
    assert_eq!(listed(&packed, "www.impots.gouv.fr"), [(15, 3), (8, 2), (3, 1)]);
    assert_eq!(listed(&packed, "impots.gouv.fr.evil.example"), []);
    assert_eq!(listed(&packed, "gouv-y.fr"), [(3, 1)]);
    assert_eq!(listed(&packed, "com"), []);
}

#[test]
fn names_that_no_map_can_hold_have_no_key() {
    for host in ["", ".", "a..fr", ".fr", "fr.", &"a".repeat(254)] {
        assert!(Key::of(host).is_none(), "{host}");
    }
}

proptest! {
    /// Against the obvious way to do it: try every parent in an ordinary map.
    #[test]
    fn agrees_with_a_tree_map(
        hosts in proptest::collection::btree_map("[ab-]{1,3}(\\.[ab]{1,2}){0,3}", 0u32..1000, 0..80),
        wanted in "[ab-]{1,3}(\\.[ab]{1,2}){0,4}",
    ) {
        let packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value))).unwrap();
        let mut expected = Vec::new();
        let mut rest = Some(wanted.as_str());
        while let Some(host) = rest {
            if let Some(value) = hosts.get(host) {
                expected.push((host.len() + 1, *value));
            }
            rest = host.split_once('.').map(|(_, parent)| parent);
        }
        prop_assert_eq!(listed(&packed, &wanted), expected);
    }

    /// Against the obvious way to do it: look at every key.
    #[test]
    fn finds_all_within(
        hosts in proptest::collection::btree_map("[ab-]{1,2}(\\.[ab]{1,2}){0,3}", 0u32..1000, 0..80),
        parent in "[ab-]{1,2}(\\.[ab]{1,2}){0,2}",
    ) {
        let packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value))).unwrap();
        let is_within = |host: &str| host == parent || host.ends_with(&format!(".{parent}"));
        let mut expected: Vec<u32> =
            hosts.iter().filter(|(host, _)| is_within(host)).map(|(_, value)| *value).collect();
        let key = Key::of(&format!("x.{parent}")).unwrap();
        let mut found: Vec<u32> = Hosts::open(&packed).unwrap().within(&key, parent.len() + 1).collect();
        expected.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), host in "[a-c.]{0,9}") {
        if let (Ok(hosts), Some(key)) = (Hosts::open(&bytes), Key::of(&host)) {
            prop_assert!(hosts.matches(&key).take(1000).count() <= 1000);
            prop_assert!(hosts.within(&key, host.len() + 1).take(1000).count() <= 1000);
        }
    }
}
