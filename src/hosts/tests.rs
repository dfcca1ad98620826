#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const LAYOUTS: [Layout; 6] = [
    Layout { keys_per_block: 1, filter: true, plain: false },
    Layout { keys_per_block: 3, filter: false, plain: false },
    Layout { keys_per_block: 8, filter: true, plain: false },
    Layout { keys_per_block: 255, filter: true, plain: false },
    Layout { keys_per_block: 2, filter: true, plain: true },
    Layout { keys_per_block: 255, filter: false, plain: true },
];

fn listed(hosts: &[u8], host: &str) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    Hosts::open(hosts).unwrap().matches(&Key::of(host).unwrap(), |it| found.push((it.len, it.value)));
    found
}

/// The obvious way to do it: try every parent in an ordinary map.
fn expected(hosts: &BTreeMap<String, u32>, wanted: &str) -> Vec<(usize, u32)> {
    let parents = std::iter::successors(Some(wanted), |host| host.split_once('.').map(|(_, parent)| parent));
    let mut found: Vec<_> = parents.filter_map(|host| Some((host.len() + 1, *hosts.get(host)?))).collect();
    found.reverse();
    found
}

#[test]
fn finds_a_host_and_its_parents_shortest_first() {
    for layout in LAYOUTS {
        let hosts = [("fr", 1), ("gouv.fr", 2), ("impots.gouv.fr", 3), ("g.fr", 4), ("gouv-x.fr", 5)];
        let packed = pack(hosts, layout).unwrap();
        assert_eq!(listed(&packed, "www.impots.gouv.fr"), [(3, 1), (8, 2), (15, 3)]);
        assert_eq!(listed(&packed, "impots.gouv.fr.evil.example"), []);
        assert_eq!(listed(&packed, "gouv-y.fr"), [(3, 1)]);
        assert_eq!(listed(&packed, "fr"), [(3, 1)]);
        assert_eq!(listed(&packed, "com"), []);
    }
}

#[test]
fn an_empty_map_holds_nothing() {
    for layout in LAYOUTS {
        let packed = pack([], layout).unwrap();
        assert!(Hosts::open(&packed).unwrap().is_empty());
        assert_eq!(listed(&packed, "ameli.fr"), []);
    }
}

#[test]
fn the_longest_names_are_kept_whole() {
    let long = format!("{0}.{0}.{0}.{1}", "x".repeat(63), "9".repeat(61));
    let deep = format!("{}a", "a.".repeat(126));
    let hosts = BTreeMap::from([(long.clone(), 1), (deep.clone(), 2), (deep[2..].to_owned(), 3), ("a.a".into(), 4)]);
    for layout in LAYOUTS {
        let packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value)), layout).unwrap();
        assert_eq!((long.len(), listed(&packed, &long)), (253, vec![(254, 1)]));
        assert_eq!((deep.len(), listed(&packed, &deep)), (253, vec![(4, 4), (252, 3), (254, 2)]));
        assert_eq!(listed(&packed, &long[1..]), []);
    }
}

#[test]
fn names_that_no_map_can_hold_have_no_key() {
    for host in ["", ".", "a..fr", ".fr", "fr.", &"a".repeat(254)] {
        assert!(Key::of(host).is_none(), "{host}");
    }
}

#[test]
fn what_is_no_host_is_not_packed() {
    for host in ["", "a..fr", "É.fr", "é.fr", "A.fr", "a b.fr", "a/b.fr", "*.fr", "a\0.fr"] {
        assert_eq!(pack([("a.fr", 1), (host, 2)], LAYOUTS[0]), Err(NotAHost(host.to_owned())));
    }
}

/// A name with a filter's own bits but without an entry is compared, and found wanting.
#[test]
fn a_filter_lets_nothing_through_that_is_not_there() {
    let hosts: Vec<String> = (0..2000).map(|number| format!("n{number}.example")).collect();
    let packed = pack(hosts.iter().map(|host| (host.as_str(), 7)), LAYOUTS[2]).unwrap();
    let opened = Hosts::open(&packed).unwrap();
    let mut let_through = 0;
    for number in 2000..12_000 {
        let host = format!("n{number}.example");
        let_through += usize::from(opened.may_hold(Key::of(&host).unwrap().as_bytes()));
        assert_eq!(listed(&packed, &host), []);
    }
    // 6 bits a name and 4 probes let 5.6 % through.
    assert!((300..900).contains(&let_through), "{let_through} of 10000");
    for host in &hosts {
        assert_eq!(listed(&packed, host), [(host.len() + 1, 7)]);
    }
}

fn layout() -> impl Strategy<Value = Layout> {
    (1u8..20, any::<bool>(), any::<bool>()).prop_map(|(keys_per_block, filter, plain)| Layout {
        keys_per_block,
        filter,
        plain,
    })
}

fn map() -> impl Strategy<Value = BTreeMap<String, u32>> {
    // Few letters, so that names share much; and all that a host may hold.
    let host = prop_oneof!["[ab-]{1,3}(\\.[ab]{1,2}){0,3}", "[a-z0-9_-]{1,9}(\\.[a-z0-9-]{1,6}){0,4}"];
    proptest::collection::btree_map(host, prop_oneof![Just(0u32), 0u32..9, any::<u32>()], 0..60)
}

proptest! {
    #[test]
    fn agrees_with_a_tree_map(
        hosts in map(), layout in layout(),
        wanted in "[ab-]{1,3}(\\.[ab]{1,2}){0,4}", odd in "[ -~]{1,4}(\\.[ab]{1,2}){0,4}",
    ) {
        let packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value)), layout).unwrap();
        let opened = Hosts::open(&packed).unwrap();
        prop_assert_eq!(opened.len(), hosts.len());
        let below: Vec<String> = hosts.keys().map(|host| format!("b.{host}")).collect();
        for wanted in hosts.keys().chain(&below).chain([&wanted, &odd]) {
            let Some(key) = Key::of(wanted) else { continue };
            prop_assert_eq!(listed(&packed, wanted), expected(&hosts, wanted), "{}", wanted);
            prop_assert_eq!(opened.position(&key).is_some(), hosts.contains_key(wanted));
        }
        let mut all = BTreeMap::new();
        let mut keys = Vec::new();
        opened.for_each(|host, value| {
            keys.push(Key::of(&host).unwrap().as_bytes().to_vec());
            all.insert(host, value);
        }).unwrap();
        prop_assert_eq!(&all, &hosts);
        prop_assert!(keys.is_sorted());
        for (position, host) in keys.iter().enumerate() {
            prop_assert_eq!(opened.position(&Key::of(&key::host_of(host)).unwrap()), Some(position));
        }
    }

    /// The same bytes in whatever order the entries come.
    #[test]
    fn order_does_not_matter(hosts in map(), layout in layout()) {
        let entries = || hosts.iter().map(|(host, value)| (host.as_str(), *value));
        prop_assert_eq!(pack(entries(), layout), pack(entries().rev(), layout));
    }

    #[test]
    fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), host in "[a-c.]{0,9}") {
        if let (Ok(hosts), Some(key)) = (Hosts::open(&bytes), Key::of(&host)) {
            hosts.matches(&key, |found| assert!(found.len <= host.len() + 1));
            hosts.position(&key);
            hosts.for_each(|_, _| ());
        }
    }

    /// A flipped bit may lose what is listed or lend it another number; it makes no panic, and
    /// nothing of a length that the host does not have.
    #[test]
    fn a_flipped_bit_never_panics(hosts in map(), layout in layout(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value)), layout).unwrap();
        *at.get_mut(&mut packed) ^= 1u8 << bit;
        if let Ok(opened) = Hosts::open(&packed) {
            for host in hosts.keys() {
                let key = Key::of(host).unwrap();
                opened.matches(&key, |found| assert_eq!(key.as_bytes().get(found.len - 1), Some(&b'.')));
                opened.position(&key);
            }
            opened.for_each(|_, _| ());
        }
    }
}
