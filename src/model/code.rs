//! The verification code (CSV).

use std::fmt;

/// A verification code: 24 Crockford symbols, of which the last three are Reed–Solomon checks.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; 24]);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({}-…)", String::from_utf8_lossy(&self.0[..4]))
    }
}
