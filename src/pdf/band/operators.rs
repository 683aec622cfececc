//! The operators of content streams (ISO 32000-2, annex A) and what they open and close.

/// What an operator does to the structure of the contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// `q`
    Save,
    /// `Q`
    Restore,
    /// `BT`
    BeginText,
    /// `ET`
    EndText,
    /// `BMC`, `BDC`
    BeginMarked,
    /// `EMC`
    EndMarked,
    /// `BX`
    BeginCompatibility,
    /// `EX`
    EndCompatibility,
    /// `BI`, whose image ends with `EI`
    InlineImage,
}

/// What `operator` does, or `None` for anything that is no operator of a page. (`d0` and `d1`
/// belong to glyph descriptions, `ID` and `EI` only follow `BI`.)
pub(super) fn effect(operator: &[u8]) -> Option<Effect> {
    Some(match operator {
        b"q" => Effect::Save,
        b"Q" => Effect::Restore,
        b"BT" => Effect::BeginText,
        b"ET" => Effect::EndText,
        b"BMC" | b"BDC" => Effect::BeginMarked,
        b"EMC" => Effect::EndMarked,
        b"BX" => Effect::BeginCompatibility,
        b"EX" => Effect::EndCompatibility,
        b"BI" => Effect::InlineImage,
        b"w" | b"J" | b"j" | b"M" | b"d" | b"ri" | b"i" | b"gs" | b"cm" | b"m" | b"l" | b"c"
        | b"v" | b"y" | b"h" | b"re" | b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b"
        | b"b*" | b"n" | b"W" | b"W*" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tf" | b"Tr" | b"Ts"
        | b"Td" | b"TD" | b"Tm" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" | b"CS" | b"cs" | b"SC"
        | b"SCN" | b"sc" | b"scn" | b"G" | b"g" | b"RG" | b"rg" | b"K" | b"k" | b"sh" | b"Do"
        | b"MP" | b"DP" => Effect::None,
        _ => return None,
    })
}
