//! A word of the table, and what it says in an address.

/// What a word says where it stands in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// It names a listed site.
    Brand,
    /// It names what one does at a counter: `paiement`, `compte`.
    Topic,
    /// It says that something is French: `fr`, `france`.
    Mark,
    /// A place in France: `nimes`, `morbihan`.
    Place,
    /// It speaks of a trade or of talk about the matter: `avocat`, `forum`.
    Trade,
    /// Another country, whose administration may bear the same words.
    Country,
    /// It only fills: `de`, `pour`; or it is a harmless word that holds a brand, `amendement`.
    Filler,
}

impl Role {
    /// In the order of their packed numbers.
    pub const ALL: [Self; 7] =
        [Self::Brand, Self::Topic, Self::Mark, Self::Place, Self::Trade, Self::Country, Self::Filler];
}

/// What a brand wants beside it before an address resembles its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Nothing: nobody else writes this word.
    Alone,
    /// Anything that points to France or to a counter.
    Supported,
    /// A word of what one does there.
    Topic,
    /// The same, in an address that says it is French.
    Weak,
    /// Nothing suffices.
    Never,
}

impl Strength {
    /// In the order of their packed numbers.
    pub const ALL: [Self; 5] = [Self::Alone, Self::Supported, Self::Topic, Self::Weak, Self::Never];

    /// What is wanted after `steps` doubts.
    #[must_use]
    pub fn weaker(self, steps: usize) -> Self {
        Self::ALL.into_iter().nth(self as usize + steps).unwrap_or(Self::Never)
    }

    /// What is wanted after one doubt fewer.
    #[must_use]
    pub fn stronger(self) -> Self {
        Self::ALL.into_iter().nth((self as usize).saturating_sub(1)).unwrap_or(self)
    }
}

/// What else is known of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// A topic that only French writes so.
    pub const FRENCH: Self = Self(1);
    /// A brand that is a name or a word elsewhere too.
    pub const AMBIGUOUS: Self = Self(2);
    /// A brand that is said of places: `prefecture`.
    pub const OF_PLACES: Self = Self(4);
    /// The State's zone, not one site: `gouv`.
    pub const ZONE: Self = Self(8);
    /// The label of the site itself, so that another ending makes a copy of the address.
    pub const OWN_LABEL: Self = Self(16);
    /// Taken from the list, not from the reviewed table.
    pub const FROM_LIST: Self = Self(32);

    /// Written with hyphens by some.
    pub const IN_PARTS: Self = Self(64);

    /// Whether all flags of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl std::ops::BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A word of the table.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// Its place in the table.
    pub number: u16,
    /// As its letters look, without separators.
    pub looks: &'a [u8],
    /// As it is written, without separators.
    pub spelling: &'a [u8],
    /// What it says.
    pub role: Role,
    /// For a brand.
    pub strength: Strength,
    /// What else is known of it.
    pub flags: Flags,
    /// The subject of a brand or topic; 0 for none of its own.
    pub subject: u8,
    /// For a brand: the number of its site.
    pub site: u16,
}
