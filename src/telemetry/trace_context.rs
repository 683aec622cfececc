//! W3C Trace Context: to which trace a request belongs, in the words of whoever sent it.
//!
//! `tracestate` is passed over: it is for vendors of tracing systems, and nothing here is one.

use std::fmt;

/// The trace of a request: named by its `traceparent`, or begun here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: TraceId,
    parent: Option<Parent>,
}

/// The span of the caller under which a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub span_id: SpanId,
    /// The caller keeps what it traces (trace-flags, bit 0).
    pub sampled: bool,
}

/// The name of a trace (trace-id): 16 bytes, not all of them zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(u128);

/// The name of a span (parent-id): 8 bytes, not all of them zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanId(u64);

impl TraceContext {
    /// A trace that begins here, with a random name.
    pub const fn begin(random: u128) -> Self {
        Self {
            trace_id: TraceId(random),
            parent: None,
        }
    }

    /// Reads the field `traceparent` (Trace Context, §3.2). `None` when it breaks any rule: the trace then
    /// begins here (§3.2.2.3). Versions to come are read as far as version 00 goes (§3.2.4).
    pub fn of_traceparent(field: &str) -> Option<Self> {
        let mut parts = field.splitn(5, '-');
        let version = hexadecimal(parts.next()?, 2)?;
        let trace_id = hexadecimal(parts.next()?, 32)?;
        let span_id = u64::try_from(hexadecimal(parts.next()?, 16)?).ok()?;
        let flags = hexadecimal(parts.next()?, 2)?;
        let more = parts.next().is_some();
        if version == 0xff || version == 0 && more || trace_id == 0 || span_id == 0 {
            return None;
        }
        Some(Self {
            trace_id: TraceId(trace_id),
            parent: Some(Parent {
                span_id: SpanId(span_id),
                sampled: flags & 1 == 1,
            }),
        })
    }

    /// The name of the trace.
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// The caller's span; `None` when the trace begins here.
    pub const fn parent(&self) -> Option<Parent> {
        self.parent
    }
}

impl TraceId {
    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Its bytes.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl SpanId {
    /// Its bytes.
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Exactly so many hexadecimal digits, in lower case.
fn hexadecimal(text: &str, digits: usize) -> Option<u128> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == digits && text.bytes().all(lower))
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(field: &str) -> Option<(String, String, bool)> {
        let context = TraceContext::of_traceparent(field)?;
        let parent = context.parent()?;
        Some((
            context.trace_id().to_string(),
            parent.span_id.to_string(),
            parent.sampled,
        ))
    }

    #[test]
    fn the_example_of_the_recommendation_is_read() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736".to_owned();
        let span = "00f067aa0ba902b7".to_owned();
        assert_eq!(read(SENT), Some((trace.clone(), span.clone(), true)));
        let unsampled = SENT.replace("-01", "-00");
        assert_eq!(read(&unsampled), Some((trace, span, false)));
    }

    #[test]
    fn a_version_to_come_may_say_more_and_this_one_may_not() {
        assert!(read(&SENT.replacen("00-", "cc-", 1)).is_some());
        assert!(read(&format!("cc{}-what-comes-later", &SENT[2..])).is_some());
        assert!(read(&format!("{SENT}-more")).is_none());
        assert!(read(&format!("cc{}x", &SENT[2..])).is_none());
        assert!(read(&SENT.replacen("00-", "ff-", 1)).is_none());
    }

    #[test]
    fn whatever_breaks_a_rule_is_no_trace() {
        for wrong in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "0é-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_trace_that_begins_here_has_no_parent() {
        let begun = TraceContext::begin(7);
        assert_eq!(begun.parent(), None);
        assert_eq!(begun.trace_id().to_string(), format!("{:0>32}", 7));
        assert_eq!(
            TraceId::from_bytes(begun.trace_id().to_bytes()),
            begun.trace_id()
        );
    }
}
